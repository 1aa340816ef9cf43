//! Tasks in words.

use crate::domain::time::Instant;
use crate::store::tasks::Listed;
use crate::web::access::SignedIn;
use crate::web::dashboard::people::People;
use crate::web::view::badge::ProgressBadge;
use crate::web::view::part::{Link, When};
use crate::web::view::task::TaskRow;

/// One kind of task.
pub struct Kind {
    /// As it is stored.
    pub word: &'static str,
    pub label: &'static str,
    /// Why such a task is there.
    pub why: &'static str,
}

/// Every kind that the program opens.
pub const KINDS: [Kind; 9] = [
    Kind {
        word: "stop_review",
        label: "Stop requests",
        why: "Somebody asked us to stop. Contact has stopped; a person sees that nothing was missed.",
    },
    Kind {
        word: "allowed_again",
        label: "Contact allowed again",
        why: "A debtor took a request to stop back. Emails wait until somebody lets them go on.",
    },
    Kind {
        word: "stop_unmatched",
        label: "Stops without a debtor",
        why: "Somebody asked us to stop, and no debtor of ours was found by what they gave.",
    },
    Kind {
        word: "stop_overflow",
        label: "Stops of many",
        why: "A request to stop reaches more debtors than one person can be.",
    },
    Kind {
        word: "dispute_review",
        label: "Disputes",
        why: "A debtor disputed the debt. Outreach waits until it is answered.",
    },
    Kind {
        word: "route_through_counsel",
        label: "Lawyers",
        why: "A debtor has a lawyer. From now on we speak with the lawyer.",
    },
    Kind {
        word: "bankruptcy_review",
        label: "Bankruptcies",
        why: "A debtor is said to be in bankruptcy. Confirm the case and tell the creditor.",
    },
    Kind {
        word: "estate_desk",
        label: "Estates",
        why: "A debtor is said to have died. Find out who speaks for the estate.",
    },
    Kind {
        word: "promise_due",
        label: "Promises",
        why: "A debtor promised on a call to pay. See on the day whether it was paid.",
    },
];

pub fn label(word: &str) -> &str {
    KINDS
        .iter()
        .find(|kind| kind.word == word)
        .map_or(word, |kind| kind.label)
}

/// One line of a list.
pub fn row(listed: &Listed, people: &People, reader: &SignedIn, now: Instant) -> TaskRow {
    let task = &listed.task;
    let is_open = task.status == "open";
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "Unknown".to_owned());
    TaskRow {
        id: task.id.to_string(),
        what: task.title.clone(),
        why: KINDS
            .iter()
            .find(|kind| kind.word == task.kind)
            .map_or_else(String::new, |kind| kind.why.to_owned()),
        placement: task.placement_id.map(|id| {
            Link::new(
                named(&listed.invoice),
                format!("/placements/{id}?tab=timeline"),
            )
        }),
        debtor: task
            .debtor_id
            .map(|id| Link::new(named(&listed.debtor), format!("/debtors/{id}"))),
        created: When::new(task.created_at, reader.time_zone, now),
        due: task.due_at.map(|at| When::new(at, reader.time_zone, now)),
        overdue: is_open && task.due_at.is_some_and(|at| at < now),
        taken_by: listed.work.taken_by.as_deref().map(|by| {
            if by == reader.actor().to_string() {
                "You".to_owned()
            } else {
                people.name(by)
            }
        }),
        progress: match (is_open, &listed.work.taken_by) {
            (false, _) => ProgressBadge::Resolved,
            (true, Some(_)) => ProgressBadge::Acknowledged,
            (true, None) => ProgressBadge::Open,
        },
    }
}

/// Everyone whom these tasks name.
pub fn actors(listed: &[Listed]) -> impl Iterator<Item = &str> {
    listed.iter().flat_map(|it| {
        [it.work.taken_by.as_deref(), it.task.done_by.as_deref()]
            .into_iter()
            .flatten()
    })
}
