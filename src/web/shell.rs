//! What surrounds every page: title, navigation, the signed-in person, the message of the last
//! action. A page that forgets it does not compile, because `layout.html` reads `shell`.

use crate::domain::agency::Agency;
use crate::web::view::part::Tone;
use crate::web::view::portal_words::Words;

/// The frame of a page for signed-in people.
#[derive(Debug, Clone)]
pub struct Shell {
    /// The page's own title; the layout adds the product's name.
    pub title: String,
    /// The value of the `script-src` nonce of this answer.
    pub nonce: String,
    pub person: Person,
    pub nav: Vec<NavItem>,
    /// Alerts that nobody has resolved, shown beside Compliance.
    pub open_alerts: u32,
    /// What the last action did, shown once.
    pub flash: Option<Flash>,
    /// Said on every page, for instance that calls are simulated in the demo.
    pub ribbon: Option<String>,
}

impl Shell {
    /// The frame of a page that is named after what it shows.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

/// Who is signed in, as the foot of the rail shows it.
#[derive(Debug, Clone)]
pub struct Person {
    pub name: String,
    /// The role in words: "Agent", "Creditor admin".
    pub role: String,
    /// The creditor a partner belongs to, or none for staff.
    pub organisation: Option<String>,
}

/// One line of the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub section: Section,
    pub current: bool,
}

/// The parts of the dashboard, in the order in which the rail shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Placements,
    Debtors,
    Payments,
    Compliance,
    Imports,
    Settings,
}

impl Section {
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Placements,
        Self::Debtors,
        Self::Payments,
        Self::Compliance,
        Self::Imports,
        Self::Settings,
    ];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Placements => "Placements",
            Self::Debtors => "Debtors",
            Self::Payments => "Payments",
            Self::Compliance => "Compliance",
            Self::Imports => "Imports",
            Self::Settings => "Settings",
        }
    }

    pub const fn href(self) -> &'static str {
        match self {
            Self::Overview => "/overview",
            Self::Placements => "/placements",
            Self::Debtors => "/debtors",
            Self::Payments => "/payments",
            Self::Compliance => "/compliance",
            Self::Imports => "/imports",
            Self::Settings => "/settings",
        }
    }

    /// The symbol's name in `static/icons.svg`.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Placements => "placements",
            Self::Debtors => "debtors",
            Self::Payments => "payments",
            Self::Compliance => "compliance",
            Self::Imports => "imports",
            Self::Settings => "settings",
        }
    }
}

impl NavItem {
    /// The sections that a role may open, with the one that the page belongs to marked.
    pub fn list(open_to_role: &[Section], current: Option<Section>) -> Vec<Self> {
        Section::ALL
            .into_iter()
            .filter(|section| open_to_role.contains(section))
            .map(|section| Self {
                section,
                current: current == Some(section),
            })
            .collect()
    }
}

/// What the last action did: one sentence, and a way on where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    pub tone: Tone,
    pub message: String,
    /// Label and address of the way on.
    pub link: Option<(String, String)>,
}

impl Flash {
    pub fn success(message: impl Into<String>) -> Self {
        Self {
            tone: Tone::Success,
            message: message.into(),
            link: None,
        }
    }

    /// Something the person should know, that stopped nothing.
    pub fn warning(message: impl Into<String>) -> Self {
        Self {
            tone: Tone::Warning,
            message: message.into(),
            link: None,
        }
    }
}

/// The frame of a page that needs no sign-in: sign-in itself, errors, public rule pages.
#[derive(Debug, Clone)]
pub struct PlainShell {
    pub title: String,
    pub nonce: String,
    /// The reader came from the dashboard and wants to go back to it.
    pub is_signed_in: bool,
}

/// The frame of the debtor's pages. The title never speaks of a debt.
#[derive(Debug, Clone)]
pub struct PortalShell {
    pub title: String,
    pub nonce: String,
    /// Where "Home" leads once the debtor is in; none before.
    pub home_href: Option<String>,
    /// The page's texts, in its language.
    pub words: &'static Words,
    /// Name, code and address of this page in the other language.
    pub other_language: OtherLanguage,
    /// Who runs the site and how to reach it.
    pub agency: Agency,
}

/// The way to the same page in another language.
#[derive(Debug, Clone)]
pub struct OtherLanguage {
    pub name: &'static str,
    pub lang: &'static str,
    pub href: String,
}

impl PortalShell {
    /// A text of the page with the agency filled in.
    pub fn say(&self, text: &str) -> String {
        let phone = match self.agency.phone.as_str() {
            "" => self.words.our_number,
            phone => phone,
        };
        text.replace("{agency}", &self.agency.name)
            .replace("{phone}", phone)
            .replace("{address}", &self.agency.postal_address)
    }

    /// The agency's number as a link that dials.
    pub fn phone_href(&self) -> String {
        let digits = self.agency.phone.chars().filter(char::is_ascii_digit);
        format!("tel:{}", digits.collect::<String>())
    }

    /// Name and address, as far as the settings have them.
    pub fn imprint(&self) -> String {
        [&self.agency.name, &self.agency.postal_address]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" \u{b7} ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rail_shows_only_what_the_role_may_open_in_the_fixed_order() {
        let nav = NavItem::list(
            &[Section::Imports, Section::Placements],
            Some(Section::Placements),
        );
        let labels: Vec<_> = nav.iter().map(|item| item.section.label()).collect();
        assert_eq!(labels, ["Placements", "Imports"]);
        assert!(nav.first().unwrap().current);
        assert!(!nav.last().unwrap().current);
    }
}
