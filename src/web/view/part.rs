//! The small parts that many pages share.

use chrono_tz::Tz;

use crate::domain::time::Instant;

/// How loud a message or badge is. Colour always comes beside words, never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Info,
    Success,
    Warning,
    /// Only where the law, or a stop, says no.
    Danger,
}

impl Tone {
    pub const ALL: [Self; 5] = [
        Self::Neutral,
        Self::Info,
        Self::Success,
        Self::Warning,
        Self::Danger,
    ];

    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "tone-neutral",
            Self::Info => "tone-info",
            Self::Success => "tone-success",
            Self::Warning => "tone-warning",
            Self::Danger => "tone-danger",
        }
    }

    /// The symbol in `static/icons.svg` that goes with a message of this tone.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Neutral | Self::Info => "info",
            Self::Success => "yes",
            Self::Warning => "warning",
            Self::Danger => "blocked",
        }
    }
}

/// A moment, ready for a `<time>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// RFC 3339 in UTC.
    pub iso: String,
    /// "12 Nov 2026, 2:05 pm EST".
    pub absolute: String,
    /// "12 Nov 2026".
    pub date: String,
    /// "2:05 pm".
    pub time: String,
    /// "3 days ago", "in 2 hours", "just now".
    pub relative: String,
}

impl When {
    /// The moment as a reader in `zone` sees it at `now`.
    pub fn new(at: Instant, zone: Tz, now: Instant) -> Self {
        let local = at.in_zone(zone);
        Self {
            iso: at.to_rfc3339(),
            absolute: local.format("%-d %b %Y, %-I:%M %P %Z").to_string(),
            date: local.format("%-d %b %Y").to_string(),
            time: local.format("%-I:%M %P").to_string(),
            relative: relative(at, now),
        }
    }
}

/// "3 days ago" or "in 2 hours": the largest whole unit up to days.
fn relative(at: Instant, now: Instant) -> String {
    let minutes = at.since(now).num_minutes();
    let (count, unit) = match minutes.abs() {
        0 => return "just now".to_owned(),
        1..60 => (minutes.abs(), "minute"),
        60..1_440 => (minutes.abs() / 60, "hour"),
        _ => (minutes.abs() / 1_440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if minutes < 0 {
        format!("{count} {unit}{plural} ago")
    } else {
        format!("in {count} {unit}{plural}")
    }
}

/// A filter that lives in the address, with how many rows it would show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub count: u64,
    pub href: String,
    pub current: bool,
}

/// Chips that filter by one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipGroup {
    pub label: &'static str,
    pub chips: Vec<Chip>,
}

/// One tab of a page; tabs are addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub label: &'static str,
    pub href: String,
    pub count: Option<u64>,
    pub current: bool,
}

/// The heading of a table's column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub label: &'static str,
    /// Where a click leads: the same list sorted by this column. None: not sortable.
    pub sort_href: Option<String>,
    pub sorted: Option<Direction>,
    /// Right-aligned, with tabular figures.
    pub numeric: bool,
}

/// Which way a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    /// The value of `aria-sort`, and the symbol's name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

impl Column {
    pub const fn text(label: &'static str) -> Self {
        Self {
            label,
            sort_href: None,
            sorted: None,
            numeric: false,
        }
    }

    pub const fn number(label: &'static str) -> Self {
        Self {
            label,
            sort_href: None,
            sorted: None,
            numeric: true,
        }
    }

    #[must_use]
    pub fn sortable(mut self, href: impl Into<String>, sorted: Option<Direction>) -> Self {
        self.sort_href = Some(href.into());
        self.sorted = sorted;
        self
    }
}

/// Which part of a list is shown. `first` and `last` count from one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    pub first: u64,
    pub last: u64,
    pub total: u64,
    pub previous_href: Option<String>,
    pub next_href: Option<String>,
}

/// A search box that keeps the rest of the address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// The list's own address, without a query.
    pub action: String,
    /// What was searched for: the parameter `q`.
    pub query: String,
    /// The other parameters, kept as hidden fields.
    pub keep: Vec<(String, String)>,
    /// The list without search and filters; shown when there is something to clear.
    pub clear_href: Option<String>,
}

/// A term and what is so: one row of a definition list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    pub term: String,
    pub value: String,
    pub href: Option<String>,
}

impl Fact {
    pub fn new(term: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            term: term.into(),
            value: value.into(),
            href: None,
        }
    }

    #[must_use]
    pub fn linked(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A link or a button's worth of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub href: String,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// The breadcrumb of a page one step below a list.
pub fn trail(label: &str, href: &str) -> Vec<Link> {
    vec![Link::new(label, href)]
}

/// The breadcrumb of a page below a placement.
pub fn trail_to_placement(id: &str, invoice: &str) -> Vec<Link> {
    vec![
        Link::new("Placements", "/placements"),
        Link::new(invoice, format!("/placements/{id}")),
    ]
}

/// A message across the page: what is so, why, and the ways on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    pub tone: Tone,
    pub title: String,
    pub body: String,
    pub actions: Vec<Link>,
}

impl Banner {
    /// The banner of a cease-and-desist. `received` is a date in words, `how` is how it came
    /// ("by letter", "in the portal"), `scope` what it covers ("all contact", "calls").
    ///
    /// A stop ends contact, not the debt (15 U.S.C. 1692c(c)): the three ways on are to sue, to
    /// recall, and to talk through counsel.
    pub fn cease(placement_id: &str, received: &str, how: &str, scope: &str) -> Self {
        let options = format!("/placements/{placement_id}/options");
        Self {
            tone: Tone::Danger,
            title: format!("Contact stopped: cease-and-desist, received {received} {how}"),
            body: format!(
                "It covers {scope}, for every placement of this debtor. The debt itself remains. You can still:"
            ),
            actions: vec![
                Link::new("Sue or refer to counsel", format!("{options}#legal")),
                Link::new(
                    "Recall placement",
                    format!("/placements/{placement_id}/recall"),
                ),
                Link::new("Negotiate through counsel", format!("{options}#negotiate")),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Duration;

    fn at(text: &str) -> Instant {
        Instant::parse_rfc3339(text).unwrap()
    }

    #[test]
    fn a_moment_is_told_in_the_readers_zone_and_relative_to_now() {
        let now = at("2026-11-15T20:00:00Z");
        let when = When::new(
            at("2026-11-12T19:05:00Z"),
            chrono_tz::America::New_York,
            now,
        );
        assert_eq!(when.absolute, "12 Nov 2026, 2:05 pm EST");
        assert_eq!(when.relative, "3 days ago");
        assert_eq!(when.iso, "2026-11-12T19:05:00Z");
    }

    #[test]
    fn relative_times_count_one_as_one_and_look_both_ways() {
        let now = at("2026-11-15T20:00:00Z");
        assert_eq!(relative(now, now), "just now");
        assert_eq!(
            relative(now.minus(Duration::minutes(1)), now),
            "1 minute ago"
        );
        assert_eq!(relative(now.plus(Duration::hours(2)), now), "in 2 hours");
        assert_eq!(relative(now.minus(Duration::hours(47)), now), "1 day ago");
    }

    #[test]
    fn the_cease_banner_says_since_when_how_and_the_three_ways_on() {
        let banner = Banner::cease("p1", "12 Nov 2026", "by letter", "all contact");
        assert_eq!(
            banner.title,
            "Contact stopped: cease-and-desist, received 12 Nov 2026 by letter"
        );
        let ways: Vec<_> = banner
            .actions
            .iter()
            .map(|link| link.label.as_str())
            .collect();
        assert_eq!(
            ways,
            [
                "Sue or refer to counsel",
                "Recall placement",
                "Negotiate through counsel"
            ]
        );
    }
}
