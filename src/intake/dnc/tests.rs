use std::io::{BufReader, Read};

use super::*;

fn all(text: &[u8]) -> Vec<DncLine> {
    DncReader::new(text).unwrap().map(Result::unwrap).collect()
}

fn numbers(text: &[u8]) -> Vec<String> {
    all(text)
        .into_iter()
        .filter_map(|line| match line {
            DncLine::Entry(entry) => Some(entry.number.to_string()),
            DncLine::Invalid(_) => None,
        })
        .collect()
}

#[test]
fn both_flat_forms_are_read_whatever_the_line_ends() {
    for text in [
        b"212,5550142\n305,5550143\n".as_slice(),
        b"2125550142\r\n3055550143",
        b"\xEF\xBB\xBF\n212,5550142\n\n3055550143\n",
    ] {
        assert_eq!(numbers(text), ["+12125550142", "+13055550143"]);
    }
    assert_eq!(
        DncReader::new(b"2125550142".as_slice()).unwrap().format(),
        DncFormat::TenDigits
    );
}

#[test]
fn invalid_lines_are_named_and_the_others_read() {
    let lines = all(b"212,5550142\n212,555014\n911,5550142\nhello\n,\n305,5550143\n");
    let invalid: Vec<u32> = lines
        .iter()
        .filter_map(|line| match line {
            DncLine::Invalid(issue) => Some(issue.line),
            DncLine::Entry(_) => None,
        })
        .collect();
    assert_eq!(invalid, [2, 3, 4, 5]);
    assert_eq!(lines.len(), 6);
}

#[test]
fn a_list_that_begins_with_a_broken_number_is_still_read() {
    assert_eq!(numbers(b"000,0000000\n212,5550142\n"), ["+12125550142"]);
}

#[test]
fn ones_own_list_brings_source_and_dates() {
    let text = b"Source;Phone Number;Expires\n\"Own; by letter\";(212) 555-0142;12/31/2027\n;'+13055550143;\nstate;12;\nstate;3055550144;soon\n";
    let lines = all(text);
    assert_eq!(
        lines[0],
        DncLine::Entry(DncEntry {
            line: 2,
            number: "2125550142".parse().unwrap(),
            change: Change::Add,
            source: Some("Own; by letter".to_owned()),
            added_on: None,
            expires_on: NaiveDate::from_ymd_opt(2027, 12, 31),
        })
    );
    assert!(
        matches!(&lines[1], DncLine::Entry(entry) if entry.source.is_none() && entry.expires_on.is_none())
    );
    assert!(
        matches!(&lines[2], DncLine::Invalid(issue) if issue.column == "Phone Number" && issue.line == 4)
    );
    assert!(
        matches!(&lines[3], DncLine::Invalid(issue) if issue.column == "Expires" && issue.line == 5)
    );
}

#[test]
fn a_line_of_ones_own_list_stands_alone_whatever_it_holds() {
    let mut text = b"number,source\n\"212-555-0142,never closed\n305-555-0143,fine\n".to_vec();
    text.extend_from_slice(format!("2125550144{}\n", ",".repeat(100)).as_bytes());
    text.extend_from_slice(b"212-555-0145,\xFF\n3055550146");
    let lines = all(&text);
    let is_entry: Vec<bool> = lines
        .iter()
        .map(|line| matches!(line, DncLine::Entry(_)))
        .collect();
    assert_eq!(is_entry, [false, true, false, false, true]);
}

#[test]
fn a_line_without_end_costs_no_memory_and_is_one_invalid_line() {
    let endless = std::io::repeat(b'5').take(50_000_000);
    let source = b"212,5550142\n"
        .chain(endless)
        .chain(b"\n305,5550143".as_slice());
    let mut reader = DncReader::new(BufReader::new(source)).unwrap();
    let lines: Vec<DncLine> = reader.by_ref().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3);
    assert!(matches!(&lines[1], DncLine::Invalid(issue) if issue.line == 2));
    assert!(matches!(&lines[2], DncLine::Entry(entry) if entry.line == 3));
    assert_eq!(reader.bytes_read(), 50_000_000 + 12 + 12);
}

fn changes(text: &[u8]) -> Vec<(String, Change)> {
    all(text)
        .into_iter()
        .filter_map(|line| match line {
            DncLine::Entry(entry) => Some((entry.number.to_string(), entry.change)),
            DncLine::Invalid(_) => None,
        })
        .collect()
}

#[test]
fn a_list_of_changes_says_what_is_added_and_deleted() {
    let text = b"212,5550142,2026-05-01T10:00:00-04:00,A
305,5550143,2026-05-02,d
        305,5550144,2026-05-02,X
305,5550145
";
    let reader = DncReader::new(text.as_slice()).unwrap();
    assert_eq!(reader.format(), DncFormat::ChangeList);
    assert!(reader.is_change_list());
    // A line that doesn't say which is neither.
    assert_eq!(
        changes(text),
        [
            ("+12125550142".to_owned(), Change::Add),
            ("+13055550143".to_owned(), Change::Remove),
        ]
    );
}

#[test]
fn a_line_with_more_than_a_number_is_no_line_of_a_full_list() {
    let lines = all(b"212,5550142
305,5550143,2026-05-02,D
");
    assert!(matches!(&lines[1], DncLine::Invalid(issue) if issue.line == 2));
}

#[test]
fn the_registry_s_xml_is_read_in_either_quotes_and_on_one_line() {
    let text = b"<?xml version='1.0'?>\n<list type='full' level='state' val='NY'>\n        <ac val='212'><ph val='5550142'/><ph val=\"5550143\" /></ac><ac val=\"305\">\n        <ph val='5550144'/><ph val='12'/></ac><ac><ph val='5550145'/></ac></list>";
    let reader = DncReader::new(text.as_slice()).unwrap();
    assert_eq!(reader.format(), DncFormat::Xml);
    assert!(!reader.is_change_list());
    assert_eq!(
        numbers(text),
        ["+12125550142", "+12125550143", "+13055550144"]
    );
    let invalid = all(text).len() - 3;
    assert_eq!(invalid, 2, "a broken number, and one without an area code");
}

#[test]
fn the_registry_s_xml_of_changes_must_say_which_change() {
    let text = b"<list type='change'><ac val='212'><ph val='5550142' type='A'/>\
        <ph val='5550143' type='D'/><ph val='5550144'/></ac></list>";
    assert!(DncReader::new(text.as_slice()).unwrap().is_change_list());
    assert_eq!(
        changes(text),
        [
            ("+12125550142".to_owned(), Change::Add),
            ("+12125550143".to_owned(), Change::Remove),
        ]
    );
}

#[test]
fn an_xml_file_that_was_cut_off_is_an_error() {
    let text = b"<list type='full'><ac val='212'><ph val='5550142'/><ph val='555";
    let lines: Vec<_> = DncReader::new(text.as_slice()).unwrap().collect();
    assert!(lines[0].is_ok() && lines[1].is_err() && lines.len() == 2);
}

#[test]
fn what_is_no_list_is_refused_with_a_reason() {
    assert!(matches!(
        DncReader::new(b"".as_slice()),
        Err(DncError::Empty)
    ));
    assert!(matches!(
        DncReader::new(b"\n\r\n \n".as_slice()),
        Err(DncError::Empty)
    ));
    assert!(matches!(
        DncReader::new(b"<?xml version='1.0'?><html>".as_slice()),
        Err(DncError::UnknownFormat(_))
    ));
    assert!(matches!(
        DncReader::new(b"PK\x03\x04".as_slice()),
        Err(DncError::NotText(_))
    ));
    assert!(matches!(
        DncReader::new(b"Dear all,\n212,5550142\n".as_slice()),
        Err(DncError::UnknownFormat(line)) if line == "Dear all,"
    ));
}

#[test]
fn an_error_of_the_source_is_passed_on_once() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let mut reader = DncReader::new(BufReader::new(b"212,5550142\n".chain(Broken))).unwrap();
    assert!(reader.next().unwrap().is_ok());
    assert!(reader.next().unwrap().is_err());
    assert!(reader.next().is_none());
}
