//! From the three texts to a [`Policy`], or to everything that is wrong with them.

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Policy;
use super::cap::Cap;
use super::entry::{Confidence, Dated, Entry, PolicyEntry};
use super::values::{Federal, NamedCap, Overlay, State};
use crate::domain::place::StateCode;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PolicyError {
    pub file: &'static str,
    /// `CA.call_frequency_limit[0]`; empty for the file as a whole.
    pub entry: String,
    pub problem: String,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entry.is_empty() {
            write!(f, "{}: {}", self.file, self.problem)
        } else {
            write!(f, "{}: {}: {}", self.file, self.entry, self.problem)
        }
    }
}

pub(super) fn policy(
    federal: &str,
    states: &str,
    overlays: &str,
) -> Result<Policy, Vec<PolicyError>> {
    let mut errors = Vec::new();
    let mut entries = Vec::new();
    let open = |file: &'static str, text: &str, main: &str| {
        let mut reader = Reader::new(file);
        let main = reader.open(text, main);
        (reader, main)
    };
    let (mut federal_file, federal_map) = open("federal.json", federal, "entries");
    let (mut states_file, states_map) = open("states.json", states, "states");
    let (mut overlays_file, overlays_map) = open("overlays.json", overlays, "overlays");

    let federal = read_federal(&mut federal_file, federal_map);
    let states = read_states(&mut states_file, states_map);
    let overlays = read_overlays(&mut overlays_file, overlays_map);

    let canonical = [federal_file, states_file, overlays_file].map(|file| {
        errors.extend(file.errors);
        entries.extend(file.entries);
        file.canonical
    });
    if errors.is_empty() {
        Ok(Policy::assemble(
            federal, states, overlays, entries, canonical,
        ))
    } else {
        Err(errors)
    }
}

/// Reads one file; collects errors instead of stopping at the first.
struct Reader {
    file: &'static str,
    errors: Vec<PolicyError>,
    entries: Vec<PolicyEntry>,
    canonical: String,
}

/// An object of the file with the path that leads to it.
struct Section {
    path: String,
    place: String,
    fields: Map<String, Value>,
}

impl Reader {
    const fn new(file: &'static str) -> Self {
        Self {
            file,
            errors: Vec::new(),
            entries: Vec::new(),
            canonical: String::new(),
        }
    }

    fn error(&mut self, entry: impl Into<String>, problem: impl Into<String>) {
        self.errors.push(PolicyError {
            file: self.file,
            entry: entry.into(),
            problem: problem.into(),
        });
    }

    /// The object under `main`. Beside it a file holds only `about`, a text.
    fn open(&mut self, text: &str, main: &str) -> Map<String, Value> {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(error) => {
                self.error("", format!("is not JSON: {error}"));
                return Map::new();
            }
        };
        self.canonical = value.to_string();
        let Value::Object(mut fields) = value else {
            self.error("", "is not an object");
            return Map::new();
        };
        if fields
            .remove("about")
            .is_some_and(|about| !about.is_string())
        {
            self.error("about", "is not a text");
        }
        let Some(Value::Object(found)) = fields.remove(main) else {
            self.error("", format!("has no object `{main}`"));
            return Map::new();
        };
        for key in fields.keys() {
            self.error(key.clone(), "unknown key");
        }
        found
    }

    fn section(&mut self, path: &str, place: &str, value: Value) -> Option<Section> {
        match value {
            Value::Object(fields) => Some(Section {
                path: path.to_owned(),
                place: place.to_owned(),
                fields,
            }),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => {
                self.error(path, "is not an object");
                None
            }
        }
    }

    /// What is left in the section nobody asked for.
    fn close(&mut self, section: Section) {
        for key in section.fields.keys() {
            self.error(format!("{}.{key}", section.path), "unknown key");
        }
    }

    /// A plain value that must be there.
    fn plain<T: DeserializeOwned>(&mut self, section: &mut Section, key: &str) -> Option<T> {
        let path = format!("{}.{key}", section.path);
        let Some(value) = section.fields.remove(key) else {
            self.error(path, "is missing");
            return None;
        };
        serde_json::from_value(value)
            .map_err(|error| self.error(path, error.to_string()))
            .ok()
    }

    /// A list of dated entries that must be there.
    fn dated<T: DeserializeOwned + Serialize>(
        &mut self,
        section: &mut Section,
        key: &str,
    ) -> Dated<T> {
        match section.fields.remove(key) {
            Some(value) => self.entries_of(&section.path, &section.place, key, value),
            None => {
                self.error(format!("{}.{key}", section.path), "is missing");
                Dated::default()
            }
        }
    }

    /// A list of dated entries that may be absent.
    fn dated_if_any<T: DeserializeOwned + Serialize>(
        &mut self,
        section: &mut Section,
        key: &str,
    ) -> Dated<T> {
        match section.fields.remove(key) {
            Some(value) => self.entries_of(&section.path, &section.place, key, value),
            None => Dated::default(),
        }
    }

    fn entries_of<T: DeserializeOwned + Serialize>(
        &mut self,
        path: &str,
        place: &str,
        key: &str,
        value: Value,
    ) -> Dated<T> {
        let path = format!("{path}.{key}");
        let Value::Array(items) = value else {
            self.error(path, "is not a list of entries");
            return Dated::default();
        };
        let mut entries = Vec::new();
        for (index, item) in items.into_iter().enumerate() {
            let path = format!("{path}[{index}]");
            if item.get("value").is_none() {
                self.error(path, "has no `value`");
                continue;
            }
            match serde_json::from_value::<Entry<T>>(item) {
                Ok(entry) => {
                    self.check(&path, &entry);
                    self.list(place, key, &entry);
                    entries.push(entry);
                }
                Err(error) => self.error(path, error.to_string()),
            }
        }
        self.check_dates(&path, &mut entries);
        Dated::new(entries)
    }

    fn check<T>(&mut self, path: &str, entry: &Entry<T>) {
        if entry.citation.trim().is_empty() {
            self.error(path, "has no citation");
        }
        if let (Some(from), Some(until)) = (entry.effective_from, entry.effective_until)
            && until < from
        {
            self.error(path, "ends before it begins");
        }
        if entry.enabled
            && entry.beyond_seed
            && entry.confidence == Confidence::Unsure
            && entry.note.is_none()
        {
            self.error(
                path,
                "is on, beyond the seeds and unsure, without a note that says so",
            );
        }
    }

    fn check_dates<T>(&mut self, path: &str, entries: &mut [Entry<T>]) {
        entries.sort_by_key(|entry| entry.effective_from);
        let overlap = entries.windows(2).any(|pair| match pair {
            [first, second] => match (first.effective_until, second.effective_from) {
                (Some(until), Some(from)) => from <= until,
                (None, _) | (_, None) => true,
            },
            _ => false,
        });
        if overlap {
            self.error(path, "has entries whose dates overlap");
        }
    }

    fn list<T: Serialize>(&mut self, place: &str, field: &str, entry: &Entry<T>) {
        self.entries.push(PolicyEntry {
            file: self.file,
            place: place.to_owned(),
            field: field.to_owned(),
            value: serde_json::to_value(&entry.value).unwrap_or_default(),
            citation: entry.citation.clone(),
            effective_from: entry.effective_from,
            effective_until: entry.effective_until,
            confidence: entry.confidence,
            source: entry.source.clone(),
            note: entry.note.clone(),
            reviewed_by: entry.reviewed_by.clone(),
            reviewed_at: entry.reviewed_at,
            counsel_reviewed_at: entry.counsel_reviewed_at,
            enabled: entry.enabled,
            beyond_seed: entry.beyond_seed,
        });
    }
}

fn read_federal(reader: &mut Reader, fields: Map<String, Value>) -> Federal {
    let mut section = Section {
        path: "US".to_owned(),
        place: "US".to_owned(),
        fields,
    };
    let federal = Federal {
        call_hours: reader.dated(&mut section, "call_hours"),
        call_count: reader.dated(&mut section, "call_count"),
        conversation_quiet_days: reader.dated(&mut section, "conversation_quiet_days"),
        consent_days: reader.dated(&mut section, "consent_days"),
        rapid_calls: reader.dated(&mut section, "rapid_calls"),
        validation: reader.dated(&mut section, "validation"),
        landline_prerecorded: reader.dated(&mut section, "landline_prerecorded"),
        debt_collection_words: reader.dated(&mut section, "debt_collection_words"),
        mini_miranda: reader.dated(&mut section, "mini_miranda"),
        ai_disclosure: reader.dated(&mut section, "ai_disclosure"),
        weekly_cap_days: reader.dated(&mut section, "weekly_cap_days"),
    };
    for entry in federal.call_hours.entries() {
        if entry.value.from >= entry.value.to {
            reader.error("US.call_hours", "opens after it closes");
        }
    }
    reader.close(section);
    federal
}

fn read_states(reader: &mut Reader, fields: Map<String, Value>) -> Vec<Option<Box<State>>> {
    let mut states = vec![None; StateCode::INDEXES];
    for (key, value) in fields {
        // A full name would do for the parser, and then the entry would stand under two keys.
        let code = key.parse::<StateCode>().ok();
        let Some(code) = code.filter(|code| code.as_str() == key) else {
            reader.error(key, "is not a two-letter state code");
            continue;
        };
        let Some(mut section) = reader.section(&key, &key, value) else {
            continue;
        };
        let state = State {
            code,
            name: reader.plain(&mut section, "name").unwrap_or_default(),
            gate_zones: reader.dated(&mut section, "gate_zones"),
            call_frequency_limit: reader.dated(&mut section, "call_frequency_limit"),
            call_frequency_window_days: reader.dated(&mut section, "call_frequency_window_days"),
            voicemail_disclosure_allowed: reader
                .dated(&mut section, "voicemail_disclosure_allowed"),
            mini_tcpa: reader.dated(&mut section, "mini_tcpa"),
            all_party_recording_consent: reader.dated(&mut section, "all_party_recording_consent"),
            sol_hard_stop: reader.dated(&mut section, "sol_hard_stop"),
            time_barred_disclosure: reader.dated(&mut section, "time_barred_disclosure"),
            call_hours_clock: reader.dated_if_any(&mut section, "call_hours_clock"),
            caps: read_caps(reader, &mut section),
            limitation_years: reader.dated(&mut section, "limitation_years"),
        };
        check_limit(reader, &key, &state);
        for entry in state.gate_zones.entries() {
            if entry.value.is_empty() {
                reader.error(format!("{key}.gate_zones"), "names no zone");
            }
        }
        reader.close(section);
        if let Some(slot) = states.get_mut(code.index()) {
            *slot = Some(Box::new(state));
        }
    }
    states
}

/// A limit without the days it counts over would never apply.
fn check_limit(reader: &mut Reader, key: &str, state: &State) {
    for entry in state.call_frequency_limit.entries() {
        let day = entry.effective_from.unwrap_or_default();
        let days = state.call_frequency_window_days.on(day).copied().flatten();
        if entry.enabled && entry.value.is_some() && days.unwrap_or(0) == 0 {
            reader.error(
                format!("{key}.call_frequency_limit"),
                "has no `call_frequency_window_days` to count over",
            );
        }
    }
}

/// `caps` maps a name to dated entries.
fn read_caps(reader: &mut Reader, section: &mut Section) -> Vec<NamedCap> {
    let path = format!("{}.caps", section.path);
    let Some(value) = section.fields.remove("caps") else {
        return Vec::new();
    };
    let Some(caps) = reader.section(&path, &section.place, value) else {
        return Vec::new();
    };
    let mut named = Vec::new();
    for (id, value) in caps.fields {
        let cap: Dated<Cap> = reader.entries_of(&path, &caps.place, &id, value);
        for entry in cap.entries() {
            if entry.value.days == 0 {
                reader.error(format!("{path}.{id}"), "counts over no days");
            }
            if entry.value.channels.is_empty() {
                reader.error(format!("{path}.{id}"), "names no channel");
            }
        }
        named.push(NamedCap { id, cap });
    }
    named
}

fn read_overlays(reader: &mut Reader, fields: Map<String, Value>) -> Vec<Overlay> {
    let mut overlays = Vec::new();
    for (id, value) in fields {
        let Some(mut section) = reader.section(&id, &id, value) else {
            continue;
        };
        let name = reader.plain(&mut section, "name");
        let state = reader.plain(&mut section, "state");
        let zip_prefixes: Option<Vec<String>> = reader.plain(&mut section, "zip_prefixes");
        let partial_zips: Option<Vec<String>> = reader.plain(&mut section, "partial_zips");
        let boroughs = reader.plain(&mut section, "boroughs");
        let limit = reader.dated(&mut section, "nyc_shield_contacts_per_7_days");
        let zip_prefixes = zip_prefixes.unwrap_or_default();
        if zip_prefixes.iter().any(|prefix| !is_digits(prefix, 1..=5)) {
            reader.error(
                format!("{id}.zip_prefixes"),
                "has something that is not one to five digits",
            );
        }
        let partial_zips = partial_zips.unwrap_or_default();
        if partial_zips.iter().any(|zip| !is_digits(zip, 5..=5)) {
            reader.error(
                format!("{id}.partial_zips"),
                "has something that is not five digits",
            );
        }
        reader.close(section);
        if let (Some(name), Some(state), Some(boroughs)) = (name, state, boroughs) {
            overlays.push(Overlay {
                id,
                name,
                state,
                zip_prefixes,
                partial_zips: partial_zips
                    .iter()
                    .filter_map(|zip| zip.parse().ok())
                    .collect(),
                boroughs,
                nyc_shield_contacts_per_7_days: limit,
            });
        }
    }
    overlays
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}
