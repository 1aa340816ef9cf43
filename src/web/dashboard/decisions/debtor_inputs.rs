//! What the rules read about the debtor: where they are, how they can be reached, what binds us.

use chrono_tz::Tz;

use super::inputs::{number, yes_or_no};
use super::told;
use crate::gate::Decision;
use crate::gate::facts::{
    Attorney, Bankruptcy, Debtor, Facts, Flags, Grant, InconvenientKind, Phone, PriorConsent, Scra,
    Stop,
};
use crate::web::dashboard::words;
use crate::web::view::part::Fact;
use crate::web::zones;

pub fn of(decision: &Decision, facts: &Facts, zone: Tz) -> Vec<Fact> {
    let debtor = &facts.debtor;
    let mut told = vec![
        Fact::new("Kind", told::word(&debtor.kind)),
        Fact::new("State", debtor.state.as_deref().unwrap_or("Unknown")),
        Fact::new("ZIP code", debtor.zip.as_deref().unwrap_or("Unknown")),
        Fact::new("Time zones", zones(decision)),
    ];
    told.extend(debtor.phones.iter().map(|it| phone(it, zone)));
    told.extend(emails(debtor, zone));
    told.extend(flags(&debtor.flags, zone));
    told
}

fn zones(decision: &Decision) -> String {
    if decision.zones.is_empty() {
        return "Nobody can tell".to_owned();
    }
    decision
        .zones
        .iter()
        .map(|place| format!("{} ({})", zones::name(place.zone.tz()), place.because))
        .collect::<Vec<_>>()
        .join(", ")
}

fn phone(phone: &Phone, zone: Tz) -> Fact {
    let mut parts = vec![number(&phone.number)];
    if let Some(whose) = &phone.belongs_to {
        parts.push(format!("belongs to {whose}"));
    }
    parts.extend(phone.dnc.iter().map(|entry| {
        let list = entry.source.as_deref().unwrap_or("a list");
        let since = entry
            .added_at
            .map_or_else(String::new, |at| format!(" since {}", told::when(at, zone)));
        let until = entry
            .expires_at
            .map_or_else(String::new, |at| format!(" until {}", told::when(at, zone)));
        format!("do not call ({list}{since}{until})")
    }));
    if let Some(consent) = &phone.autodial_consent {
        let stands = match (consent.given_at, consent.revoked_at) {
            (_, Some(at)) => format!("consent to autodialling withdrawn {}", told::when(at, zone)),
            (Some(at), None) => format!("consent to autodialling {}", told::when(at, zone)),
            (None, None) => "no consent to autodialling".to_owned(),
        };
        parts.push(match &consent.source {
            Some(source) => format!("{stands} ({source})"),
            None => stands,
        });
    }
    let kind = phone
        .kind
        .as_ref()
        .map_or_else(|| "Phone".to_owned(), told::word);
    Fact::new(kind, parts.join(", "))
}

fn emails(debtor: &Debtor, zone: Tz) -> impl Iterator<Item = Fact> {
    debtor.emails.iter().map(move |email| {
        let stopped = email.opted_out_at.map_or_else(String::new, |at| {
            format!(", opted out {}", told::when(at, zone))
        });
        Fact::new("Email", format!("{}{stopped}", email.address))
    })
}

/// What stops, narrows or allows contact, each as a line.
fn flags(flags: &Flags, zone: Tz) -> Vec<Fact> {
    let mut told: Vec<Fact> = flags
        .cease
        .iter()
        .map(|cease| {
            let at = cease.received_at.map(|at| told::when(at, zone));
            Fact::new(
                "Asked us to stop all contact",
                dated(at, cease.via.as_deref()),
            )
        })
        .collect();
    for (term, stop) in [
        ("Asked us to stop calling", &flags.call_opt_out),
        ("Asked us to stop emailing", &flags.email_opt_out),
        ("Do not call", &flags.do_not_call),
        ("Not at work", &flags.workplace_prohibited),
        ("National do-not-call registry", &flags.national_dnc),
    ] {
        told.extend(stop.as_ref().and_then(|stop| in_force(term, stop, zone)));
    }
    told.extend(flags.medium_optout.iter().map(|it| {
        let at = it.at.map(|at| told::when(at, zone));
        Fact::new(
            format!(
                "Asked us not to use {}",
                told::word(&it.medium).to_lowercase()
            ),
            dated(at, it.via.as_deref()),
        )
    }));
    told.extend(
        flags
            .address_optout
            .iter()
            .map(|it| Fact::new("Asked us not to use", number(&it.address))),
    );
    told.extend(flags.attorney.as_ref().map(attorney));
    told.extend(flags.bankruptcy.as_ref().map(bankruptcy));
    if let Some(codebtor) = &flags.codebtor_of {
        told.push(Fact::new(
            "Shielded as co-debtor",
            told::word(&codebtor.status),
        ));
    }
    if let Some(deceased) = &flags.deceased {
        let at = deceased.known_at.map(|at| told::when(at, zone));
        told.push(Fact::new("Deceased", dated(at, None)));
    }
    told.extend(flags.scra.as_ref().map(|it| military(it, zone)));
    told.extend(flags.inconvenient.iter().map(|it| inconvenient(it, zone)));
    if let Some(location) = &flags.known_location {
        let at = location.at.map(|at| told::when(at, zone));
        let source = location.source.as_deref();
        let place = zones::on_file(&location.zone.to_string());
        let known: Vec<&str> = [Some(place.as_str()), at.as_deref(), source]
            .into_iter()
            .flatten()
            .collect();
        told.push(Fact::new("Known to be in", known.join(", ")));
    }
    for (term, grant) in [
        ("Agreed to recording", &flags.recording_consent),
        ("Agreed to electronic notices", &flags.esign_consent),
        ("Must be located", &flags.location_needed),
    ] {
        told.extend(grant.as_ref().map(|it| granted(term, it, zone)));
    }
    told.extend(flags.prior_consents.iter().map(|it| prior(it, zone)));
    if told.is_empty() {
        told.push(Fact::new("Stops and flags", "None"));
    }
    told
}

/// To what, for which hours, since when, until when, and which entry of the file it is.
fn prior(it: &PriorConsent, zone: Tz) -> Fact {
    let at = it.received_at.map(|at| told::when(at, zone));
    let mut parts = vec![dated(at, None)];
    if let (Some(from), Some(to)) = (it.from, it.to) {
        parts.push(format!("{from} to {to}"));
    }
    parts.extend(
        it.through
            .map(|last| format!("through {}", told::when(last, zone))),
    );
    parts.extend(it.source.clone());
    Fact::new(
        format!("Agreed to {}", told::word(&it.kind).to_lowercase()),
        parts.join(", "),
    )
}

fn dated(at: Option<String>, via: Option<&str>) -> String {
    let at = at.unwrap_or_else(|| "Without a date".to_owned());
    match via {
        Some(via) => format!("{at}, {}", words::spoken(via).to_lowercase()),
        None => at,
    }
}

fn in_force(term: &'static str, stop: &Stop, zone: Tz) -> Option<Fact> {
    let at = stop.at.map(|at| told::when(at, zone));
    let via = stop.via.as_deref().or(stop.source.as_deref());
    (!stop.lifted).then(|| Fact::new(term, dated(at, via)))
}

fn attorney(it: &Attorney) -> Fact {
    let phone = it.phone.as_deref().map(number);
    let named: Vec<&str> = [it.name.as_deref(), it.firm.as_deref(), phone.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let named = if named.is_empty() {
        "Not named".to_owned()
    } else {
        named.join(", ")
    };
    Fact::new(
        "Lawyer",
        format!("{named} ({})", told::word(&it.status).to_lowercase()),
    )
}

fn bankruptcy(it: &Bankruptcy) -> Fact {
    let chapter = it.chapter.map_or_else(
        || "chapter not known".to_owned(),
        |it| format!("chapter {it}"),
    );
    let filed = it
        .filed_on
        .map_or_else(String::new, |day| format!(", filed {}", words::date(day)));
    let case: String = [&it.case_number, &it.court]
        .into_iter()
        .flatten()
        .map(|part| format!(", {part}"))
        .collect();
    let ended = it
        .ended_on
        .map_or_else(String::new, |day| format!(" {}", words::date(day)));
    Fact::new(
        "Bankruptcy",
        format!("{}{ended}, {chapter}{filed}{case}", told::word(&it.status)),
    )
}

fn military(it: &Scra, zone: Tz) -> Fact {
    let since = it.since.map_or_else(String::new, |at| {
        format!(", since {}", told::when(at, zone))
    });
    let until = it.until.map_or_else(String::new, |at| {
        format!(", until {}", told::when(at, zone))
    });
    let older = match it.debt_before_service {
        Some(true) => ", debts older than the service",
        Some(false) => ", debts younger than the service",
        None => "",
    };
    Fact::new(
        "On active military duty",
        format!("{}{since}{until}{older}", yes_or_no(it.active_duty)),
    )
}

fn inconvenient(it: &crate::gate::facts::Inconvenient, zone: Tz) -> Fact {
    let what = match it.kind {
        InconvenientKind::Place => it.place.clone().unwrap_or_default(),
        InconvenientKind::Time => {
            let from = it
                .from
                .map_or_else(|| "midnight".to_owned(), |at| at.to_string());
            let to = it
                .to
                .map_or_else(|| "midnight".to_owned(), |at| at.to_string());
            let days: Vec<String> = it.days.iter().map(told::word).collect();
            format!("{} {from} to {to}", days.join(", "))
                .trim()
                .to_owned()
        }
    };
    let said = it.said_at.map(|at| told::when(at, zone));
    match said {
        Some(_) => Fact::new(
            "Inconvenient",
            format!("{what}; said {}", dated(said, it.via.as_deref())),
        ),
        None => Fact::new("Inconvenient", what),
    }
}

fn granted(term: &'static str, it: &Grant, zone: Tz) -> Fact {
    let value = match (it.given, it.revoked_at, it.at) {
        (false, _, _) => "No".to_owned(),
        (true, Some(at), _) => format!("Withdrawn {}", told::when(at, zone)),
        (true, None, Some(at)) => told::when(at, zone),
        (true, None, None) => "Yes".to_owned(),
    };
    let value = match &it.source {
        Some(source) => format!("{value}, {source}"),
        None => value,
    };
    Fact::new(term, value)
}
