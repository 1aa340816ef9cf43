//! From one debtor's file to the zones and states to respect.

use super::{Places, Zone, ZoneSource};
use crate::domain::place::StateCode;
use crate::domain::time::Instant;
use crate::gate::decision::CandidateZone;
use crate::gate::facts::{Debtor, Phone};
use crate::gate::policy::Policy;

/// Where the consumer may be, as far as the file tells.
#[derive(Debug, Default)]
pub(crate) struct Place {
    pub zones: Vec<CandidateZone>,
    /// States whose law is respected.
    pub states: Vec<StateCode>,
    /// The five digits, where the file has them.
    pub zip: Option<u32>,
    /// The ZIP code is known and the table has a row for it.
    pub zip_is_known: bool,
    pub unclear: Option<Unclear>,
}

/// What is wrong with the file's idea of the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// The ZIP code isn't one.
    Zip,
    /// The state isn't a two-letter code.
    State,
    /// The ZIP code lies in another state.
    ZipOfAnotherState,
}

impl Place {
    /// `dialled` adds the zone of a number that belongs to somebody else.
    pub fn of(policy: &Policy, debtor: &Debtor, dialled: Option<&Phone>, at: Instant) -> Self {
        let mut place = Self::default();
        let known = debtor
            .flags
            .known_location
            .as_ref()
            .filter(|location| location.at.is_none_or(|said| said.earliest() <= at));
        place.read_address(debtor, known.is_some());
        match known {
            Some(location) => {
                // A name that is no zone leaves no candidate, and so refuses.
                if let Ok(zone) = location.zone.parse() {
                    place.add(zone, || ZoneSource::KnownLocation);
                }
            }
            None => place.add_candidates(policy, debtor, dialled, at),
        }
        if place.states.is_empty() {
            place.add_states_of_area_codes(debtor);
        }
        place
    }

    fn read_address(&mut self, debtor: &Debtor, located: bool) {
        let state = debtor.state.as_deref().map(StateCode::of_letters);
        match state {
            Some(Ok(state)) => self.states.push(state),
            Some(Err(_)) => self.unclear = Some(Unclear::State),
            None => {}
        }
        let Some(text) = debtor.zip.as_deref() else {
            return;
        };
        let Some(zip) = five_digits(text) else {
            self.unclear = Some(Unclear::Zip);
            return;
        };
        self.zip = Some(zip);
        let Some(area) = Places::builtin().zip(zip) else {
            return;
        };
        self.zip_is_known = true;
        match self.states.first() {
            None => self.states.extend_from_slice(&area.states),
            Some(state) if area.states.contains(state) => {}
            Some(_) => {
                self.states.extend_from_slice(&area.states);
                // A person who has established the place has settled the question.
                if !located {
                    self.unclear = Some(Unclear::ZipOfAnotherState);
                }
            }
        }
    }

    fn add_candidates(
        &mut self,
        policy: &Policy,
        debtor: &Debtor,
        dialled: Option<&Phone>,
        at: Instant,
    ) {
        let area = self
            .zip
            .filter(|_| self.zip_is_known)
            .and_then(|zip| Places::builtin().zip(zip));
        match area {
            Some(area) if area.zones.is_empty() => {
                // Military mail: the person may be anywhere, and an area code proves nothing.
                return;
            }
            Some(area) => {
                for &zone in &area.zones {
                    self.add(zone, || ZoneSource::Zip(area.prefix.into()));
                }
                if self.unclear == Some(Unclear::ZipOfAnotherState) {
                    self.add_states(policy, at);
                }
            }
            None => self.add_states(policy, at),
        }
        let address = self.zones.len();
        for phone in &debtor.phones {
            if phone.belongs_to.is_none() || dialled.is_some_and(|it| std::ptr::eq(it, phone)) {
                self.add_phone(phone, address);
            }
        }
    }

    fn add_states(&mut self, policy: &Policy, at: Instant) {
        for index in 0..self.states.len() {
            let Some(&code) = self.states.get(index) else {
                return;
            };
            let zones = policy
                .state(code)
                .and_then(|state| state.gate_zones.on(at.naive_utc().date()));
            for &zone in zones.into_iter().flatten() {
                self.add(zone, || ZoneSource::State(code));
            }
        }
    }

    /// An area code that serves the zone of the address agrees with it: 850 and Pensacola are
    /// both Central, although 850 reaches into Eastern time.
    fn add_phone(&mut self, phone: &Phone, address: usize) {
        for code in area_codes_of(phone) {
            let Some(area) = Places::builtin().area_code(code) else {
                continue;
            };
            let agrees = self
                .zones
                .iter()
                .take(address)
                .any(|candidate| area.zones.contains(&candidate.zone));
            if agrees {
                continue;
            }
            for &zone in &area.zones {
                self.add(zone, || ZoneSource::AreaCode(code));
            }
        }
    }

    fn add_states_of_area_codes(&mut self, debtor: &Debtor) {
        let own = debtor
            .phones
            .iter()
            .filter(|phone| phone.belongs_to.is_none());
        for code in own.flat_map(area_codes_of) {
            let state = Places::builtin()
                .area_code(code)
                .filter(|area| area.country == "US")
                .and_then(|area| StateCode::of_letters(area.region).ok());
            if let Some(state) = state
                && !self.states.contains(&state)
            {
                self.states.push(state);
            }
        }
    }

    fn add(&mut self, zone: Zone, because: impl FnOnce() -> ZoneSource) {
        if self.zones.iter().all(|candidate| candidate.zone != zone) {
            self.zones.push(CandidateZone {
                zone,
                because: because(),
            });
        }
    }
}

/// Every zone the consumer may be in at `at`, and what says so. Empty: nobody can tell, and no
/// call may be placed.
pub fn zones_for(policy: &Policy, debtor: &Debtor, at: Instant) -> Vec<CandidateZone> {
    Place::of(policy, debtor, None, at).zones
}

/// The code on file and the code of the number itself. Where they differ both count.
pub(crate) fn area_codes_of(phone: &Phone) -> impl Iterator<Item = u16> + use<> {
    let dialled =
        digits_of(&phone.number).and_then(|digits| u16::try_from(digits / 10_000_000).ok());
    let filed = phone
        .area_code
        .as_deref()
        .and_then(|code| code.trim().parse().ok());
    dialled
        .into_iter()
        .chain(filed.filter(|code| Some(*code) != dialled))
}

/// The ten digits of a North American number in any usual spelling. Two spellings of one number
/// have the same digits.
pub fn digits_of(number: &str) -> Option<u64> {
    let mut digits = 0_u64;
    let mut count = 0;
    for byte in number.bytes() {
        match byte {
            b'0'..=b'9' => {
                count += 1;
                if count > 11 {
                    return None;
                }
                digits = digits * 10 + u64::from(byte - b'0');
            }
            b'+' | b' ' | b'-' | b'.' | b'(' | b')' | b'/' => {}
            _ => return None,
        }
    }
    match count {
        10 if digits >= 2_000_000_000 => Some(digits),
        11 if digits / 10_000_000_000 == 1 => {
            Some(digits % 10_000_000_000).filter(|national| *national >= 2_000_000_000)
        }
        _ => None,
    }
}

/// `10001` or `10001-1234`.
fn five_digits(zip: &str) -> Option<u32> {
    let zip = zip.trim();
    let (five, rest) = zip.split_at_checked(5)?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let plus_four = rest
        .strip_prefix('-')
        .map_or(rest.is_empty(), |four| four.len() == 4 && digits(four));
    (digits(five) && plus_four).then(|| five.parse().ok())?
}
