//! Bytes that nobody would send in good faith: nothing panics, and every error names its place.

use chrono::NaiveDate;
use chrono_tz::America::Chicago;

use super::contacts::{self, ContactField, Reading};
use super::encoding::{Charset, decode};
use super::issue::RowIssue;
use super::mapping::{Field, Mapping};
use super::placements::{self, PlacementField};
use super::{dnc, open, template};
use crate::domain::time::Instant;

/// A small generator (SplitMix64), so that every run tries the same inputs.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// Pieces that have a meaning somewhere on the way, so that random files get far.
const PIECES: [&[u8]; 44] = [
    b",",
    b",",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\"",
    b"\"\"",
    b"'=",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF",
    b"\xC3\xA9",
    b"\xF0\x9F\x98\x80",
    b"\xE2\x80\xAE",
    b"sep=;\n",
    b"invoice_number",
    b"amount",
    b"name",
    b"at",
    b"channel",
    b"number",
    b"A-1",
    b"1250.00",
    b"-5",
    b"0.001",
    b"1e9",
    b"NaN",
    b"2026-01-31",
    b"13/01/2026",
    b"2026-11-01 01:30",
    b"NY",
    b"ZZ",
    b"2134",
    b"10001-1234",
    b"2125550142",
    b"212,5550142",
    b"jo@example.com",
    b"yes",
    b"chapter 7",
];

fn random_bytes(random: &mut Random) -> Vec<u8> {
    let mut bytes = Vec::new();
    for _ in 0..random.below(120) {
        if random.below(12) == 0 {
            bytes.push(u8::try_from(random.below(256)).unwrap());
        } else {
            bytes.extend_from_slice(random.pick(&PIECES));
        }
    }
    bytes
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 1).unwrap()
}

fn reading() -> Reading {
    Reading {
        now: Instant::parse_rfc3339("2026-06-01T18:00:00Z").unwrap(),
        zone: Some(Chicago),
        move_to_now: false,
    }
}

fn assert_placed(issues: &[RowIssue], bytes: &[u8]) {
    for issue in issues {
        assert!(issue.line >= 1, "{issue} in {bytes:?}");
        assert!(!issue.column.is_empty(), "{issue} in {bytes:?}");
        assert!(!issue.message.is_empty(), "{issue} in {bytes:?}");
    }
}

/// A mapping of random columns, whatever they are called.
fn random_mapping<F: Field>(random: &mut Random, headers: &[String]) -> Mapping<F> {
    let mut mapping = Mapping::guess(headers);
    for header in headers {
        let spec = F::specs().nth(random.below(F::specs().count()));
        mapping.set(header, spec.map(|spec| spec.field));
    }
    mapping
}

fn read_every_way(random: &mut Random, bytes: &[u8]) -> usize {
    let mut tables = 0;
    for charset in [Charset::Detect, Charset::Windows1252] {
        let Ok(table) = open(bytes, charset) else {
            continue;
        };
        tables += 1;
        assert_placed(table.rejected(), bytes);
        for mapping in [
            Mapping::<PlacementField>::guess(table.headers()),
            random_mapping(random, table.headers()),
        ] {
            if let Ok(intake) = placements::read(&table, &mapping, today()) {
                assert_placed(intake.errors.listed(), bytes);
                assert_placed(intake.warnings.listed(), bytes);
                assert!(intake.rows.len() <= intake.rows_in_file);
            }
        }
        for mapping in [
            Mapping::<ContactField>::guess(table.headers()),
            random_mapping(random, table.headers()),
        ] {
            for move_to_now in [false, true] {
                let reading = Reading {
                    move_to_now,
                    ..reading()
                };
                if let Ok(intake) = contacts::read(&table, &mapping, reading) {
                    assert_placed(intake.errors.listed(), bytes);
                    assert!(intake.rows.iter().all(|row| row.at <= reading.now));
                }
            }
        }
    }
    if let Ok(reader) = dnc::DncReader::new(bytes) {
        for line in reader {
            if let dnc::DncLine::Invalid(issue) = line.unwrap() {
                assert_placed(&[issue], bytes);
            }
        }
    }
    tables
}

#[test]
fn arbitrary_bytes_never_panic_and_every_error_has_its_place() {
    let mut random = Random(1);
    let mut tables = 0;
    for _ in 0..1_500 {
        let bytes = random_bytes(&mut random);
        tables += read_every_way(&mut random, &bytes);
    }
    assert!(
        tables > 100,
        "only {tables} of the random files were tables"
    );
}

#[test]
fn damaged_templates_never_panic_and_every_error_has_its_place() {
    let mut random = Random(2);
    for template in [
        template::Template::Placements,
        template::Template::ContactHistory,
    ] {
        let whole = template.csv().unwrap();
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..=random.below(4) {
                let at = random.below(bytes.len());
                let end = (at + random.below(12)).min(bytes.len());
                let piece = random.pick(&PIECES);
                bytes.splice(at..end, piece.iter().copied());
            }
            read_every_way(&mut random, &bytes);
        }
    }
}

#[test]
fn what_decodes_is_the_same_text_under_every_encoding_of_unicode() {
    let mut random = Random(3);
    for _ in 0..2_000 {
        let bytes = random_bytes(&mut random);
        let Ok(text) = decode(&bytes, Charset::Detect) else {
            continue;
        };
        for to_bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let utf16: Vec<u8> = std::iter::once(0xFEFF_u16)
                .chain(text.encode_utf16())
                .flat_map(to_bytes)
                .collect();
            assert_eq!(decode(&utf16, Charset::Detect).as_deref(), Ok(&*text));
        }
    }
}
