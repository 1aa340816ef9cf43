//! May we call, email, write; why not; and when next.

/// The card beside a placement.
#[derive(Debug, Clone)]
pub struct ComplianceCard {
    /// Call, email, letter, in this order.
    pub channels: Vec<ChannelVerdict>,
    pub counters: Vec<Counter>,
    /// The policy the verdicts follow, for instance "Policy 2026-11-01".
    pub policy: String,
    /// For people who may see decisions: the full reasoning of the last check.
    pub decision_href: Option<String>,
}

/// One channel's verdict at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelVerdict {
    pub channel: Channel,
    pub way: Way,
    /// The binding reason in one sentence, or what makes it lawful now.
    pub reason: String,
    /// The rule that binds: name and public page.
    pub rule: Option<(String, String)>,
    pub earliest: Earliest,
    /// What a person has to acknowledge at the earliest moment; none where nothing.
    pub warned: Option<Warned>,
    /// The other rules in the way, those that never clear by waiting first, then the latest.
    pub others: Vec<Rung>,
}

/// The warnings that stand at the earliest lawful moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warned {
    /// Name and public page of each.
    pub rules: Vec<(String, String)>,
    /// From when none stands; never by waiting alone without one.
    pub without_any: Option<String>,
}

/// One more rule in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Name and public page.
    pub rule: (String, String),
    /// Until when it stands by itself, if waiting clears it.
    pub until: Option<String>,
}

/// Whether a person may go this way at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Only a person who acknowledges so many warnings; nothing that runs by itself.
    WithWarnings(usize),
    Closed,
}

impl Way {
    /// The class of the card's row.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Open => "can",
            Self::WithWarnings(_) => "may",
            Self::Closed => "cannot",
        }
    }

    /// The symbol in `static/icons.svg`.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Open => "yes",
            Self::WithWarnings(_) => "warning",
            Self::Closed => "no",
        }
    }
}

/// A way to reach a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Call,
    Email,
    Letter,
}

impl Channel {
    pub const fn label(self) -> &'static str {
        match self {
            Self::Call => "Call",
            Self::Email => "Email",
            Self::Letter => "Letter",
        }
    }
}

/// The first moment at which the channel is lawful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earliest {
    Now,
    /// In the debtor's local time, with the reader's in brackets where it differs:
    /// "Mon 15 Dec 2026, 8:00 am CST (9:00 am yours)".
    At(String),
    /// Never by itself: what would have to happen.
    NotByItself(String),
}

impl ChannelVerdict {
    /// "Can call", "Can call, 1 warning", "Cannot email".
    pub fn headline(&self) -> String {
        let verb = match self.channel {
            Channel::Call => "call",
            Channel::Email => "email",
            Channel::Letter => "write",
        };
        match self.way {
            Way::Open => format!("Can {verb}"),
            Way::WithWarnings(1) => format!("Can {verb}, 1 warning"),
            Way::WithWarnings(count) => format!("Can {verb}, {count} warnings"),
            Way::Closed => format!("Cannot {verb}"),
        }
    }
}

/// A counter the law counts by: "Call attempts, 7 days" and "5 of 7".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    pub label: String,
    pub value: String,
    /// The limit is used up.
    pub reached: bool,
}
