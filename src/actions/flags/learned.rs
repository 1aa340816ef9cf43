//! What can be learned of a debtor, how far it reaches, and how it is written down for the gate.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::domain::phone::PhoneNumber;
use crate::domain::stop::{FlagKind, Medium};
use crate::domain::text_enum::TextEnum;
use crate::domain::time::Instant;
use crate::gate::facts::{LocalTime, Weekday};

/// What was learned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learned {
    /// From now on the lawyer is spoken with (15 U.S.C. 1692c(a)(2)).
    Attorney {
        name: Option<String>,
        firm: Option<String>,
        phone: Option<PhoneNumber>,
    },
    /// The automatic stay (11 U.S.C. 362).
    Bankruptcy {
        /// Of title 11.
        chapter: Option<u8>,
        case_number: Option<String>,
        court: Option<String>,
        filed_on: Option<NaiveDate>,
    },
    Deceased,
    /// Active duty, in the sense of the Servicemembers Civil Relief Act.
    Military {
        since: Option<NaiveDate>,
        /// The last day of it.
        until: Option<NaiveDate>,
        /// Whether the debts are older than the service (50 U.S.C. 3937).
        debt_before_service: Option<bool>,
    },
    /// No telephone contact on any number.
    DoNotCall,
    /// One number or address is not to be used (12 CFR 1006.14(h)).
    AddressOptOut(Point),
    /// No letters but those that the law asks for.
    MailOptOut,
    /// No day means every day; no end means midnight. In the debtor's own time.
    InconvenientTime {
        days: Vec<Weekday>,
        from: Option<LocalTime>,
        to: Option<LocalTime>,
    },
    /// `work`, `home`, or another place in words.
    InconvenientPlace(String),
    /// The employer does not allow such calls (15 U.S.C. 1692c(a)(3)).
    WorkplaceProhibited,
    /// Shielded by somebody else's bankruptcy (11 U.S.C. 1201, 1301).
    Codebtor {
        chapter: Option<u8>,
        filed_on: Option<NaiveDate>,
    },
    /// Who may be spoken with about the debts of somebody who has died.
    Estate {
        name: String,
        authority: String,
    },
    /// Where the debtor is known to be: it decides alone over address and area codes.
    KnownLocation {
        zone: Tz,
        source: String,
    },
    /// Nobody knows how to reach the debtor: others may be asked, once each (15 U.S.C. 1692b).
    LocationNeeded {
        source: String,
    },
}

/// A number or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    Phone(PhoneNumber),
    /// In lower case.
    Email(String),
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Phone(number) => number.fmt(f),
            Self::Email(address) => f.write_str(address),
        }
    }
}

/// How far a flag reaches into what runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Everything,
    Calls,
    Number(PhoneNumber),
    /// What has been authorised may not start any more; what is planned is decided anew.
    Fence,
    /// Decided anew at each contact.
    Nothing,
}

/// What a new flag does to those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// A second one says nothing new.
    OneIsEnough,
    /// Several may stand, each for itself.
    Others,
    /// The latest replaces what stood.
    Alone,
}

impl Learned {
    pub const fn kind(&self) -> FlagKind {
        match self {
            Self::Attorney { .. } => FlagKind::Attorney,
            Self::Bankruptcy { .. } => FlagKind::Bankruptcy,
            Self::Deceased => FlagKind::Deceased,
            Self::Military { .. } => FlagKind::Military,
            Self::DoNotCall => FlagKind::DoNotCall,
            Self::AddressOptOut(_) => FlagKind::AddressOptOut,
            Self::MailOptOut => FlagKind::MailOptOut,
            Self::InconvenientTime { .. } | Self::InconvenientPlace(_) => FlagKind::Inconvenient,
            Self::WorkplaceProhibited => FlagKind::WorkplaceProhibited,
            Self::Codebtor { .. } => FlagKind::Codebtor,
            Self::Estate { .. } => FlagKind::Deceased,
            Self::KnownLocation { .. } => FlagKind::KnownLocation,
            Self::LocationNeeded { .. } => FlagKind::LocationNeeded,
        }
    }

    /// Whether it stops calls or everything, so that the journal keeps it.
    pub(in crate::actions) fn halts(&self) -> bool {
        matches!(self.reach(), Reach::Everything | Reach::Calls)
    }

    pub(super) const fn reach(&self) -> Reach {
        match self {
            Self::Attorney { .. }
            | Self::Bankruptcy { .. }
            | Self::Deceased
            | Self::Codebtor { .. } => Reach::Everything,
            Self::DoNotCall => Reach::Calls,
            Self::AddressOptOut(Point::Phone(number)) => Reach::Number(*number),
            Self::AddressOptOut(Point::Email(_))
            | Self::MailOptOut
            | Self::InconvenientTime { .. }
            | Self::InconvenientPlace(_)
            | Self::WorkplaceProhibited
            | Self::KnownLocation { .. } => Reach::Fence,
            Self::Military { .. } | Self::Estate { .. } | Self::LocationNeeded { .. } => {
                Reach::Nothing
            }
        }
    }

    /// What standing flags of the same kind become: they stay beside it, or it takes their place.
    pub(super) const fn beside(&self) -> Beside {
        match self {
            Self::DoNotCall | Self::MailOptOut | Self::WorkplaceProhibited => Beside::OneIsEnough,
            Self::AddressOptOut(_) | Self::InconvenientTime { .. } | Self::InconvenientPlace(_) => {
                Beside::Others
            }
            Self::Attorney { .. }
            | Self::Bankruptcy { .. }
            | Self::Deceased
            | Self::Military { .. }
            | Self::Codebtor { .. }
            | Self::Estate { .. }
            | Self::KnownLocation { .. }
            | Self::LocationNeeded { .. } => Beside::Alone,
        }
    }

    /// The details in the gate's own form.
    pub(super) fn detail(&self, received_at: Instant, via: Medium) -> Value {
        match self {
            Self::Attorney { name, firm, phone } => {
                json!({"name": name, "firm": firm, "phone": phone, "status": "active"})
            }
            Self::Bankruptcy {
                chapter,
                case_number,
                court,
                filed_on,
            } => json!({
                "chapter": chapter,
                "case_number": case_number,
                "court": court,
                "filed_on": filed_on,
                "status": "active",
            }),
            Self::Deceased => json!({"known_at": received_at}),
            Self::Military {
                since,
                until,
                debt_before_service,
            } => json!({
                "active_duty": true,
                "since": since,
                "until": until,
                "debt_before_service": debt_before_service,
            }),
            Self::DoNotCall => json!({"at": received_at, "via": via.as_str()}),
            Self::AddressOptOut(point) => json!({"address": point.to_string(), "at": received_at}),
            Self::MailOptOut | Self::WorkplaceProhibited => json!({}),
            Self::InconvenientTime { days, from, to } => json!({
                "type": "time",
                "days": days,
                "from": from,
                "to": to,
                "said_at": received_at,
                "via": via.as_str(),
            }),
            Self::InconvenientPlace(place) => json!({
                "type": "place",
                "place": place,
                "said_at": received_at,
                "via": via.as_str(),
            }),
            Self::Codebtor { chapter, filed_on } => {
                json!({"chapter": chapter, "filed_on": filed_on, "status": "active"})
            }
            Self::Estate { name, authority } => {
                json!({"representative": {"name": name, "authority": authority}})
            }
            Self::KnownLocation { zone, source } => {
                json!({"zone": zone.name(), "at": received_at, "source": source})
            }
            Self::LocationNeeded { source } => json!({
                "given": true,
                "at": received_at,
                "source": source,
                "via": via.as_str(),
            }),
        }
    }

    /// What a person has to do about it: the kind of the task and its title.
    pub(super) const fn follow_up(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Attorney { .. } => Some((
                "route_through_counsel",
                "Lawyer named: route contact through counsel",
            )),
            Self::Bankruptcy { .. } => Some((
                "bankruptcy_review",
                "Bankruptcy: confirm the case and tell the creditor",
            )),
            Self::Deceased => Some((
                "estate_desk",
                "Deceased: find out who speaks for the estate",
            )),
            Self::Codebtor { .. } => Some((
                "bankruptcy_review",
                "Co-debtor\u{2019}s bankruptcy: confirm the case and tell the creditor",
            )),
            Self::Military { .. }
            | Self::DoNotCall
            | Self::AddressOptOut(_)
            | Self::MailOptOut
            | Self::InconvenientTime { .. }
            | Self::InconvenientPlace(_)
            | Self::WorkplaceProhibited
            | Self::Estate { .. }
            | Self::KnownLocation { .. }
            | Self::LocationNeeded { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::facts;
    use crate::gate::when::When;

    #[test]
    fn the_gate_reads_every_detail_that_is_written() {
        let at = Instant::parse_rfc3339("2026-05-13T16:00:00Z").unwrap();
        let attorney = Learned::Attorney {
            name: Some("R. Ortiz".to_owned()),
            firm: Some("Ortiz & Lane".to_owned()),
            phone: Some("212-555-0100".parse().unwrap()),
        };
        let read: facts::Attorney =
            serde_json::from_value(attorney.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.name.as_deref(), Some("R. Ortiz"));
        assert!(read.phone.is_some());
        let bankruptcy = Learned::Bankruptcy {
            chapter: Some(13),
            case_number: Some("26-10412".to_owned()),
            court: Some("N.D. Ohio".to_owned()),
            filed_on: "2026-05-01".parse().ok(),
        };
        let read: facts::Bankruptcy =
            serde_json::from_value(bankruptcy.detail(at, Medium::Phone)).unwrap();
        assert_eq!(
            (read.chapter, read.court.as_deref()),
            (Some(13), Some("N.D. Ohio"))
        );
        let read: facts::Deceased =
            serde_json::from_value(Learned::Deceased.detail(at, Medium::Phone)).unwrap();
        assert!(read.known_at.is_some());
        let military = Learned::Military {
            since: "2026-02-01".parse().ok(),
            until: "2026-11-30".parse().ok(),
            debt_before_service: Some(true),
        };
        let read: facts::Scra = serde_json::from_value(military.detail(at, Medium::Phone)).unwrap();
        assert!(read.active_duty);
        assert_eq!(read.until, Some(When::On("2026-11-30".parse().unwrap())));
        assert_eq!(read.debt_before_service, Some(true));
        let unlocated = Learned::LocationNeeded {
            source: "Mail came back".to_owned(),
        };
        let read: facts::Grant =
            serde_json::from_value(unlocated.detail(at, Medium::Letter)).unwrap();
        assert!(read.given && read.at == Some(When::At(at)));
        let time = Learned::InconvenientTime {
            days: vec![Weekday::Sat, Weekday::Sun],
            from: LocalTime::from_minutes(18 * 60),
            to: None,
        };
        let read: facts::Inconvenient =
            serde_json::from_value(time.detail(at, Medium::Phone)).unwrap();
        assert_eq!(
            (read.kind, read.days.len()),
            (facts::InconvenientKind::Time, 2)
        );
        assert_eq!(read.from, LocalTime::from_minutes(18 * 60));
        let place = Learned::InconvenientPlace("work".to_owned());
        let read: facts::Inconvenient =
            serde_json::from_value(place.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.place.as_deref(), Some("work"));
        let optout = Learned::AddressOptOut(Point::Phone("518-555-0142".parse().unwrap()));
        let read: facts::AddressOptout =
            serde_json::from_value(optout.detail(at, Medium::Phone)).unwrap();
        assert_eq!(read.address, "+15185550142");
        let location = Learned::KnownLocation {
            zone: chrono_tz::America::Denver,
            source: "Lease".to_owned(),
        };
        let read: facts::KnownLocation =
            serde_json::from_value(location.detail(at, Medium::Desk)).unwrap();
        assert_eq!(read.zone, "America/Denver");
        let estate = Learned::Estate {
            name: "R. Roe".to_owned(),
            authority: "Executor".to_owned(),
        };
        let read: facts::Deceased =
            serde_json::from_value(estate.detail(at, Medium::Letter)).unwrap();
        assert!(read.representative.is_some());
        let codebtor = Learned::Codebtor {
            chapter: Some(13),
            filed_on: None,
        };
        let read: facts::Codebtor =
            serde_json::from_value(codebtor.detail(at, Medium::Letter)).unwrap();
        assert_eq!(read.chapter, Some(13));
    }
}
