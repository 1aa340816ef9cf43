//! The tables of area codes and ZIP prefixes that ship in the binary (`config/places`).

use std::sync::LazyLock;

use super::Zone;
use crate::domain::place::StateCode;

const AREA_CODES: &str = include_str!("../../../config/places/area_codes.csv");
const ZIP_ZONES: &str = include_str!("../../../config/places/zip_zones.csv");

/// Both tables, read once.
#[derive(Debug, Default)]
pub struct Places {
    /// By the number the code is: 200 to 999.
    area_codes: Vec<Option<AreaCode>>,
    /// By the number the three digits are.
    zip3: Vec<Option<ZipArea>>,
    /// By the number the five digits are, in order.
    zip5: Vec<(u32, ZipArea)>,
}

/// An area code of the North American Numbering Plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaCode {
    pub code: u16,
    /// ISO 3166-1 alpha-2; empty for toll-free and other placeless codes.
    pub country: &'static str,
    /// US state, or region of the country.
    pub region: &'static str,
    /// Every zone it serves. Empty: the number tells no place.
    pub zones: Vec<Zone>,
    pub kind: AreaCodeKind,
    pub note: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaCodeKind {
    Geographic,
    TollFree,
    Premium,
    NonGeographic,
}

/// A ZIP code, or the three digits a group of them begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZipArea {
    pub prefix: &'static str,
    /// Empty: military mail, whose place nobody knows.
    pub zones: Vec<Zone>,
    pub states: Vec<StateCode>,
    pub basis: &'static str,
}

impl Places {
    /// The tables of the binary. Were one unreadable it would be empty, and every contact refused;
    /// a test reads them.
    pub fn builtin() -> &'static Self {
        static PLACES: LazyLock<Places> =
            LazyLock::new(|| Places::parse(AREA_CODES, ZIP_ZONES).unwrap_or_default());
        &PLACES
    }

    /// The text both tables are made of, for the policy's version.
    pub(crate) fn source() -> [&'static str; 2] {
        [AREA_CODES, ZIP_ZONES]
    }

    /// # Errors
    /// The first row that can't be read, in words.
    pub fn parse(area_codes: &'static str, zips: &'static str) -> Result<Self, String> {
        let mut places = Self {
            area_codes: vec![None; 1000],
            zip3: vec![None; 1000],
            zip5: Vec::new(),
        };
        for row in rows(area_codes) {
            let area = read_area_code(row).ok_or_else(|| format!("area codes: {row}"))?;
            if let Some(slot) = places.area_codes.get_mut(usize::from(area.code)) {
                *slot = Some(area);
            }
        }
        for row in rows(zips) {
            let area = read_zip(row).ok_or_else(|| format!("ZIP codes: {row}"))?;
            let number: u32 = area
                .prefix
                .parse()
                .map_err(|_| format!("ZIP codes: {row}"))?;
            if area.prefix.len() == 5 {
                places.zip5.push((number, area));
            } else if let Some(slot) = usize::try_from(number)
                .ok()
                .and_then(|index| places.zip3.get_mut(index))
            {
                *slot = Some(area);
            }
        }
        places.zip5.sort_by_key(|&(number, _)| number);
        Ok(places)
    }

    /// The row of this area code, if it is in service.
    pub fn area_code(&self, code: u16) -> Option<&AreaCode> {
        self.area_codes.get(usize::from(code))?.as_ref()
    }

    /// The row of the longest known prefix of a five-digit ZIP code.
    pub fn zip(&self, zip: u32) -> Option<&ZipArea> {
        if let Ok(found) = self.zip5.binary_search_by_key(&zip, |&(number, _)| number) {
            return self.zip5.get(found).map(|(_, area)| area);
        }
        self.zip3.get(usize::try_from(zip / 100).ok()?)?.as_ref()
    }

    pub fn area_codes(&self) -> impl Iterator<Item = &AreaCode> {
        self.area_codes.iter().flatten()
    }
}

/// What is known of an area code: `area_code(212)` is in New York.
pub fn area_code(code: u16) -> Option<&'static AreaCode> {
    Places::builtin().area_code(code)
}

/// The rows below the comments and the header. No field of either table holds a comma.
fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .skip(1)
}

fn read_area_code(row: &'static str) -> Option<AreaCode> {
    let mut fields = row.splitn(6, ',');
    Some(AreaCode {
        code: fields.next()?.parse().ok().filter(|code| *code < 1000)?,
        country: fields.next()?,
        region: fields.next()?,
        zones: read_list(fields.next()?, |name| name.parse().ok())?,
        kind: match fields.next()? {
            "geographic" => AreaCodeKind::Geographic,
            "toll-free" => AreaCodeKind::TollFree,
            "premium" => AreaCodeKind::Premium,
            "non-geographic" => AreaCodeKind::NonGeographic,
            _ => return None,
        },
        note: fields.next()?,
    })
}

fn read_zip(row: &'static str) -> Option<ZipArea> {
    let mut fields = row.splitn(4, ',');
    let prefix = fields.next()?;
    if !matches!(prefix.len(), 3 | 5) {
        return None;
    }
    Some(ZipArea {
        prefix,
        zones: read_list(fields.next()?, |name| name.parse().ok())?,
        states: read_list(fields.next()?, |code| StateCode::of_letters(code).ok())?,
        basis: fields.next()?,
    })
}

fn read_list<T>(field: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    field
        .split(';')
        .filter(|part| !part.is_empty())
        .map(read)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip_zones(zip: u32) -> Vec<&'static str> {
        let area = Places::builtin().zip(zip).unwrap();
        area.zones.iter().map(|zone| zone.name()).collect()
    }

    #[test]
    fn every_row_of_both_tables_reads() {
        let places = Places::parse(AREA_CODES, ZIP_ZONES).unwrap();
        assert_eq!(places.area_codes().count(), 488);
        assert_eq!(
            places.zip3.iter().flatten().count() + places.zip5.len(),
            2_641
        );
    }

    #[test]
    fn a_bad_row_is_named() {
        let header = "area_code,country,state_or_region,iana_zones,kind,note\n";
        assert!(Places::parse("h\n201,US,NJ,America/Nowhere,geographic,", "h\n").is_err());
        assert!(Places::parse(header, "h\n1000,America/New_York,NY,county").is_err());
    }

    #[test]
    fn the_longest_zip_prefix_decides() {
        assert_eq!(zip_zones(10_001), ["America/New_York"]);
        assert_eq!(zip_zones(32_501), ["America/Chicago"]);
        assert_eq!(zip_zones(79_901), ["America/Denver"]);
        assert_eq!(zip_zones(83_814), ["America/Los_Angeles"]);
        assert_eq!(zip_zones(47_901), ["America/Indiana/Indianapolis"]);
        assert_eq!(zip_zones(49_938), ["America/Menominee"]);
        assert_eq!(zip_zones(901), ["America/Puerto_Rico"]);
        assert_eq!(zip_zones(99_546), ["America/Adak"]);
        assert_eq!(zip_zones(96_910), ["Pacific/Guam"]);
    }

    #[test]
    fn navajo_land_keeps_daylight_time_and_phoenix_does_not() {
        assert_eq!(zip_zones(86_515), ["America/Denver"]);
        assert_eq!(zip_zones(85_001), ["America/Phoenix"]);
    }

    #[test]
    fn military_mail_has_no_zone() {
        assert!(zip_zones(9_012).is_empty());
        assert!(zip_zones(96_201).is_empty());
    }

    #[test]
    fn a_toll_free_code_tells_no_place_and_an_unknown_one_is_not_there() {
        let toll_free = area_code(800).unwrap();
        assert_eq!(toll_free.kind, AreaCodeKind::TollFree);
        assert!(toll_free.zones.is_empty());
        assert_eq!(area_code(999), None);
        assert_eq!(area_code(u16::MAX), None);
        assert_eq!(Places::builtin().zip(u32::MAX), None);
    }
}
