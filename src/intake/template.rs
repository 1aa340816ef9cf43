//! Files to download and fill in: a header row that is mapped for certain, and one example.

use std::io;

use super::export::CsvWriter;

/// The invoice number of the example rows. A file in which it was left is refused at that row.
pub const EXAMPLE_INVOICE: &str = "EXAMPLE-DELETE-THIS-ROW";

/// Which file a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    Placements,
    ContactHistory,
    DoNotCall,
}

impl Template {
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Placements => "placements-template.csv",
            Self::ContactHistory => "contact-history-template.csv",
            Self::DoNotCall => "do-not-call-template.csv",
        }
    }

    /// The whole file.
    pub fn csv(self) -> io::Result<Vec<u8>> {
        let example = match self {
            Self::Placements => &PLACEMENT[..],
            Self::ContactHistory => &CONTACT[..],
            // Its reader knows no example row, so there is none.
            Self::DoNotCall => return header_only(&["number", "source", "added", "expires"]),
        };
        let mut writer = CsvWriter::new(Vec::new())?;
        writer.row(example.iter().map(|(key, _)| key))?;
        writer.row(example.iter().map(|(_, value)| value))?;
        writer.finish()
    }
}

fn header_only(header: &[&str]) -> io::Result<Vec<u8>> {
    let mut writer = CsvWriter::new(Vec::new())?;
    writer.row(header)?;
    writer.finish()
}

const PLACEMENT: [(&str, &str); 25] = [
    ("invoice_number", EXAMPLE_INVOICE),
    ("amount", "1250.00"),
    ("debtor_kind", "person"),
    ("first_name", "Jordan"),
    ("last_name", "Example"),
    ("company_name", ""),
    ("debtor_reference", "C-1001"),
    ("address_line1", "12 Sample Street"),
    ("address_line2", ""),
    ("city", "Albany"),
    ("state", "NY"),
    ("zip_code", "12207"),
    ("phone", "518-555-0142"),
    ("automated_calls_since", ""),
    ("email", "jordan@example.com"),
    ("due_date", "2026-01-31"),
    ("incurred_on", "2026-01-01"),
    ("last_payment_on", ""),
    ("limitations_expires_on", ""),
    ("debt_kind", "invoice"),
    ("cease_and_desist", "no"),
    ("attorney_name", ""),
    ("attorney_phone", ""),
    ("bankruptcy_chapter", ""),
    ("do_not_call", "no"),
];

const CONTACT: [(&str, &str); 10] = [
    ("invoice_number", EXAMPLE_INVOICE),
    ("at", "2026-05-12T10:00:00-04:00"),
    ("channel", "call"),
    ("direction", "out"),
    ("outcome", "voicemail"),
    ("phone", "518-555-0142"),
    ("purpose", "collect"),
    ("mini_miranda", ""),
    ("agent", "K. Sample"),
    ("notes", ""),
];

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::domain::time::Instant;
    use crate::intake::contacts::{self, ContactField, Reading};
    use crate::intake::encoding::Charset;
    use crate::intake::mapping::{self, Confidence, Field, Mapping};
    use crate::intake::placements::{self, PlacementField};
    use crate::intake::{dnc, open};

    #[test]
    fn every_column_of_a_template_is_mapped_for_certain() {
        fn assert_certain<F: Field>(template: Template) {
            let table = open(&template.csv().unwrap(), Charset::Detect).unwrap();
            for guess in mapping::guess::<F>(table.headers(), None) {
                assert_eq!(
                    guess.confidence,
                    Some(Confidence::Certain),
                    "{}",
                    guess.header
                );
                assert_eq!(serde_json::to_value(guess.field).unwrap(), guess.header);
            }
        }
        assert_certain::<PlacementField>(Template::Placements);
        assert_certain::<ContactField>(Template::ContactHistory);
    }

    #[test]
    fn only_the_example_row_itself_is_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        let bytes = Template::Placements.csv().unwrap();
        let table = open(&bytes, Charset::Detect).unwrap();
        let mapping = Mapping::guess(table.headers());
        let as_downloaded = placements::read(&table, &mapping, today).unwrap();
        assert_eq!(as_downloaded.errors.total(), 1);
        assert!(
            as_downloaded.errors.listed()[0]
                .message
                .contains("delete it")
        );

        let filled_in = String::from_utf8(bytes)
            .unwrap()
            .replace(EXAMPLE_INVOICE, "A-1");
        let table = open(filled_in.as_bytes(), Charset::Detect).unwrap();
        assert_eq!(
            placements::read(&table, &mapping, today)
                .unwrap()
                .rows
                .len(),
            1
        );
    }

    #[test]
    fn the_example_of_the_contact_history_is_refused_until_filled_in() {
        let reading = Reading {
            now: Instant::parse_rfc3339("2026-06-01T18:00:00Z").unwrap(),
            zone: None,
            move_to_now: false,
        };
        let text = String::from_utf8(Template::ContactHistory.csv().unwrap()).unwrap();
        for (text, rows) in [(text.clone(), 0), (text.replace(EXAMPLE_INVOICE, "A-1"), 1)] {
            let table = open(text.as_bytes(), Charset::Detect).unwrap();
            let mapping = Mapping::guess(table.headers());
            let intake = contacts::read(&table, &mapping, reading).unwrap();
            assert_eq!(intake.rows.len(), rows);
            assert_eq!(intake.errors.total(), 1 - rows);
        }
    }

    #[test]
    fn the_do_not_call_template_is_recognised() {
        let mut text = Template::DoNotCall.csv().unwrap();
        text.extend_from_slice(b"212-555-0142,own request,2026-01-31,\r\n");
        let reader = dnc::DncReader::new(text.as_slice()).unwrap();
        assert_eq!(reader.format(), dnc::DncFormat::OwnCsv);
        assert_eq!(reader.count(), 1);
    }
}
