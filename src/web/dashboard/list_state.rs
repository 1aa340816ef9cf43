//! What the list of placements shows, as it stands in the address.

use serde::Deserialize;

use crate::domain::id::CreditorId;
use crate::domain::placement::PlacementStatus;
use crate::domain::text_enum::TextEnum;
use crate::store::placement_list::{Order, SortBy};

/// The address's parameters, all optional. What can't be read is as if it weren't there: an old
/// or mistyped address still shows a list.
#[derive(Debug, Default, Deserialize)]
pub struct Params {
    q: Option<String>,
    status: Option<String>,
    show: Option<String>,
    creditor: Option<String>,
    sort: Option<String>,
    dir: Option<String>,
    page: Option<String>,
}

/// Which placements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    All,
    Status(PlacementStatus),
    Held,
    Paused,
    NeedsMe,
}

/// The columns that sort, as the address names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Placed,
    PastDue,
    Amount,
}

impl TextEnum for Sort {
    const WORDS: &'static [(Self, &'static str)] = &[
        (Self::Placed, "placed"),
        (Self::PastDue, "past-due"),
        (Self::Amount, "amount"),
    ];
}

/// The list that an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListState {
    pub search: String,
    pub show: Show,
    /// Staff may narrow the list to one creditor.
    pub creditor: Option<CreditorId>,
    pub sort: Sort,
    pub descending: bool,
    pub page: u64,
}

/// Characters of a search that are looked at.
const LONGEST_SEARCH: usize = 100;

impl ListState {
    pub fn read(params: &Params) -> Self {
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        let status = PlacementStatus::from_word(&text(&params.status));
        let show = match (text(&params.show).as_str(), status) {
            ("held", _) => Show::Held,
            ("paused", _) => Show::Paused,
            ("needs-me", _) => Show::NeedsMe,
            (_, Some(status)) => Show::Status(status),
            (_, None) => Show::All,
        };
        Self {
            search: text(&params.q).chars().take(LONGEST_SEARCH).collect(),
            show,
            creditor: text(&params.creditor).parse().ok(),
            sort: Sort::from_word(&text(&params.sort)).unwrap_or(Sort::Placed),
            descending: text(&params.dir) != "asc",
            page: text(&params.page).parse().unwrap_or(1).max(1),
        }
    }

    /// The order of the rows. The longest past due has the earliest due date.
    pub fn order(&self) -> Order {
        let (by, descending) = match self.sort {
            Sort::Placed => (SortBy::Placed, self.descending),
            Sort::Amount => (SortBy::Amount, self.descending),
            Sort::PastDue => (SortBy::Due, !self.descending),
        };
        Order { by, descending }
    }

    /// The same list from its first page, changed.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        other.page = 1;
        change(&mut other);
        other
    }

    /// The parameters that are not as they are without saying.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("q", self.search.clone()));
        }
        match self.show {
            Show::All => {}
            Show::Status(status) => pairs.push(("status", status.as_str().to_owned())),
            Show::Held => pairs.push(("show", "held".to_owned())),
            Show::Paused => pairs.push(("show", "paused".to_owned())),
            Show::NeedsMe => pairs.push(("show", "needs-me".to_owned())),
        }
        if let Some(creditor) = self.creditor {
            pairs.push(("creditor", creditor.to_string()));
        }
        if self.sort != Sort::Placed || !self.descending {
            pairs.push(("sort", self.sort.as_str().to_owned()));
        }
        if !self.descending {
            pairs.push(("dir", "asc".to_owned()));
        }
        if self.page > 1 {
            pairs.push(("page", self.page.to_string()));
        }
        pairs
    }

    pub fn href(&self) -> String {
        address("/placements", &self.pairs())
    }
}

/// A path with its query, if it has one.
pub fn address(path: &str, pairs: &[(&'static str, String)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(query: &str) -> ListState {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let get = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        ListState::read(&Params {
            q: get("q"),
            status: get("status"),
            show: get("show"),
            creditor: get("creditor"),
            sort: get("sort"),
            dir: get("dir"),
            page: get("page"),
        })
    }

    #[test]
    fn an_address_reads_back_as_itself() {
        for query in [
            "",
            "?q=Acme+%26+Co",
            "?status=paid",
            "?show=needs-me&sort=amount",
            "?q=x&status=disputed&sort=past-due&dir=asc&page=3",
            "?sort=placed&dir=asc",
        ] {
            let read = state(query.trim_start_matches('?'));
            assert_eq!(read.href(), format!("/placements{query}"));
        }
    }

    #[test]
    fn nonsense_is_as_if_it_were_not_there() {
        let read = state("status=on_hold&show=x&creditor=1&sort=name&dir=up&page=-1");
        assert_eq!(read.href(), "/placements");
    }

    #[test]
    fn the_longest_past_due_comes_first_when_descending() {
        let read = state("sort=past-due");
        assert!(!read.order().descending);
    }
}
