//! The banners of a placement, worst first: what stops contact, since when, and what can still be
//! done.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::{flag_words, words};
use crate::domain::access::Capability;
use crate::domain::phone::PhoneNumber;
use crate::domain::placement::PlacementStatus;
use crate::domain::stop::FlagKind;
use crate::gate::Severity;
use crate::store::flags::Flag;
use crate::store::holds::Hold;
use crate::store::placements::Placement;
use crate::web::access::SignedIn;
use crate::web::view::part::{Banner, Link, Tone};

/// Everything the banners are made of.
pub struct Ground<'a> {
    pub placement: &'a Placement,
    /// Those in force.
    pub flags: &'a [Flag],
    pub holds: &'a [Hold],
    /// How the gate takes a bankruptcy on file when it is asked about this placement.
    pub bankruptcy: Option<Severity>,
    pub reader: &'a SignedIn,
    /// A stop is on its way into the database: it binds already.
    pub is_held: bool,
    /// It was recalled a short while ago, and the reader may take that back.
    pub may_undo_recall: bool,
}

pub fn of_placement(ground: &Ground<'_>) -> Vec<Banner> {
    let mut banners = of_person(ground);
    banners.extend(of_stop(ground));
    banners.extend(of_account(ground));
    banners
}

/// Bankruptcy, counsel, death: contact with the person goes another way or not at all.
fn of_person(ground: &Ground<'_>) -> Vec<Banner> {
    let is_staff = ground.reader.creditor.is_none();
    let mut banners = Vec::new();
    let case = ground
        .flag(FlagKind::Bankruptcy)
        .or_else(|| ground.flag(FlagKind::Discharge));
    if let Some(flag) = case {
        banners.extend(of_bankruptcy(ground, flag));
    }
    if let Some(flag) = ground.flag(FlagKind::Attorney) {
        let counsel = ["name", "phone"]
            .into_iter()
            .filter_map(|name| flag_words::detail(flag, name))
            .map(|text| PhoneNumber::readable(&text))
            .collect::<Vec<_>>()
            .join(", ");
        let named = if is_staff && !counsel.is_empty() {
            format!(" Counsel: {counsel}.")
        } else {
            String::new()
        };
        banners.push(Banner {
            tone: Tone::Danger,
            title: "Contact stopped: the debtor has a lawyer".to_owned(),
            body: format!("Contact goes through counsel (15 U.S.C. 1692c(a)(2)).{named}"),
            actions: vec![ground.options_link("Negotiate through counsel", "negotiate")],
        });
    }
    if ground.flag(FlagKind::Deceased).is_some() {
        banners.push(Banner {
            tone: Tone::Danger,
            title: "Contact stopped: the debtor has died".to_owned(),
            body: "Only a representative of the estate may be contacted.".to_owned(),
            actions: ground.recall_link(),
        });
    }
    banners
}

/// A bankruptcy says what it does to this account: a debt that is younger than the case isn't
/// stayed by it, and one that a discharge does not cover is not stopped by that.
fn of_bankruptcy(ground: &Ground<'_>, flag: &Flag) -> Option<Banner> {
    let chapter = flag_words::detail(flag, "chapter")
        .map(|chapter| format!(", chapter {chapter}"))
        .unwrap_or_default();
    let filed = flag_words::detail(flag, "filed_on")
        .filter(|_| ground.reader.creditor.is_none())
        .map(|day| match day.parse::<NaiveDate>() {
            Ok(day) => format!("Filed on {}. ", words::date(day)),
            Err(_) => format!("Filed on {day}. "),
        })
        .unwrap_or_default();
    let banner = |tone, title, body: &str| {
        Some(Banner {
            tone,
            title,
            body: format!("{filed}{body}"),
            actions: ground.recall_link(),
        })
    };
    match ground.bankruptcy? {
        Severity::Block if flag.kind == FlagKind::Discharge => banner(
            Tone::Danger,
            format!("Contact stopped: discharged in bankruptcy{chapter}"),
            "This debt may never be collected (11 U.S.C. 524).",
        ),
        Severity::Block => banner(
            Tone::Danger,
            format!("Contact stopped: bankruptcy{chapter}"),
            "Nobody may try to collect this debt (11 U.S.C. 362 and 524).",
        ),
        Severity::Warning => banner(
            Tone::Warning,
            format!("Contact with care: bankruptcy{chapter}"),
            "The debt looks younger than the case. Nothing runs by itself; a person must \
             acknowledge a warning before each contact. Ask counsel.",
        ),
        Severity::Reminder => None,
    }
}

/// What the debtor asked for.
fn of_stop(ground: &Ground<'_>) -> Vec<Banner> {
    let id = ground.placement.id.to_string();
    let received = |flag: &Flag| words::date(flag.received_at.date_in(ground.zone()));
    if let Some(flag) = ground.flag(FlagKind::Cease) {
        return vec![ground.only_open_ways(Banner::cease(
            &id,
            &received(flag),
            flag.source.by(),
            "all contact",
        ))];
    }
    if ground.is_held {
        return vec![ground.only_open_ways(Banner::cease(
            &id,
            "just now",
            "and being stored",
            "all contact",
        ))];
    }
    let mut banners = Vec::new();
    // Who only stands as "do not call" on file has not asked anybody to stop.
    let asked = ground.flag(FlagKind::CallOptOut);
    let listed = ground.flag(FlagKind::DoNotCall);
    let title = match (asked, listed) {
        (Some(flag), _) => Some(format!(
            "Calls stopped: cease-and-desist for calls, received {} {}",
            received(flag),
            flag.source.by()
        )),
        (None, Some(flag)) => Some(format!(
            "Calls stopped: marked as do not call, noted {} {}",
            received(flag),
            flag.source.by()
        )),
        (None, None) => None,
    };
    if let Some(title) = title {
        banners.push(ground.only_open_ways(Banner {
            title,
            ..Banner::cease(&id, "", "", "calls")
        }));
    }
    if let Some(flag) = ground.flag(FlagKind::EmailOptOut) {
        banners.push(Banner {
            tone: Tone::Warning,
            title: format!(
                "Emails stopped: unsubscribed, received {} {}",
                received(flag),
                flag.source.by()
            ),
            body: "It covers every placement of this debtor. Calls are judged by themselves."
                .to_owned(),
            actions: Vec::new(),
        });
    }
    banners
}

/// Dispute, pauses, and how the account ended.
fn of_account(ground: &Ground<'_>) -> Vec<Banner> {
    let placement = ground.placement;
    let mut banners = Vec::new();
    if placement.status == PlacementStatus::Disputed {
        banners.push(Banner {
            tone: Tone::Warning,
            title: "Disputed: outreach waits".to_owned(),
            body: "Nobody collects on this account until the dispute is answered.".to_owned(),
            actions: Vec::new(),
        });
    }
    for hold in ground.holds {
        let until = hold
            .until_at
            .map(|at| format!(" until {}", words::date(at.date_in(ground.zone()))));
        let title = if hold.kind == "review" {
            "Held until a person has read a message".to_owned()
        } else {
            format!("Paused{}", until.unwrap_or_default())
        };
        banners.push(Banner {
            tone: Tone::Neutral,
            title,
            body: hold.reason.clone().unwrap_or_default(),
            actions: Vec::new(),
        });
    }
    if placement.status.is_closed() {
        let ended = placement
            .resolved_at
            .map(|at| format!(" on {}", words::date(at.date_in(ground.zone()))))
            .unwrap_or_default();
        let because = placement
            .recall_reason
            .map(|reason| format!("{}. ", reason.label()))
            .unwrap_or_default();
        banners.push(Banner {
            tone: Tone::Neutral,
            title: format!("{}{ended}", words::status(placement.status).words()),
            body: format!("{because}No contact is made on it any more. Its record stays."),
            actions: ground.undo_link(),
        });
    }
    banners
}

impl Ground<'_> {
    fn zone(&self) -> Tz {
        self.reader.time_zone
    }

    /// The first flag of a kind: it has been in force since then.
    fn flag(&self, kind: FlagKind) -> Option<&Flag> {
        self.flags
            .iter()
            .filter(|flag| flag.kind == kind)
            .min_by_key(|flag| flag.received_at)
    }

    fn may_recall(&self) -> bool {
        self.reader.can(Capability::ManagePlacements) && !self.placement.status.is_closed()
    }

    fn recall_link(&self) -> Vec<Link> {
        if self.may_recall() {
            vec![Link::new(
                "Recall placement",
                format!("/placements/{}/recall", self.placement.id),
            )]
        } else {
            Vec::new()
        }
    }

    fn undo_link(&self) -> Vec<Link> {
        if self.may_undo_recall {
            vec![Link::new(
                "Undo recall",
                format!("/placements/{}/undo-recall", self.placement.id),
            )]
        } else {
            Vec::new()
        }
    }

    fn options_link(&self, label: &str, anchor: &str) -> Link {
        Link::new(
            label,
            format!("/placements/{}/options#{anchor}", self.placement.id),
        )
    }

    /// Leaves out the way that the reader can't go: whoever may not recall reads about it instead.
    fn only_open_ways(&self, mut banner: Banner) -> Banner {
        if !self.may_recall() {
            for action in &mut banner.actions {
                if action.href.ends_with("/recall") {
                    *action = self.options_link(&action.label, "recall");
                }
            }
        }
        banner
    }
}
