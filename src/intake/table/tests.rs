use super::*;

fn table(text: &str) -> Table {
    Table::parse(text, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn cells(text: &str) -> Vec<Vec<String>> {
    table(text)
        .rows()
        .map(|row| row.cells().map(str::to_owned).collect())
        .collect()
}

#[test]
fn the_four_usual_separators_are_recognised() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "name,amount,note\nAda,5.00,x\nBo,6.00,y\n".replace(',', &delimiter.to_string());
        let table = table(&text);
        assert_eq!(table.delimiter(), delimiter);
        assert_eq!(table.headers(), ["name", "amount", "note"]);
        assert_eq!(table.len(), 2);
    }
}

#[test]
fn commas_inside_semicolon_files_do_not_mislead() {
    let table = table("name;amount\nDoe, Jane;1,200.00\nRoe, Max;2,300.00\n");
    assert_eq!(table.delimiter(), ';');
    assert_eq!(table.row(0).unwrap().cell(0), "Doe, Jane");
}

#[test]
fn a_stated_separator_is_believed_and_keeps_line_numbers_right() {
    let table = table("sep=;\r\nname;amount\r\nAda;5\r\n");
    assert_eq!(table.headers(), ["name", "amount"]);
    assert_eq!(table.row(0).unwrap().line(), 3);
}

#[test]
fn quoted_newlines_separators_and_quotes_belong_to_the_cell() {
    assert_eq!(
        cells("name,note\r\n\"Ada \"\"the\"\" L.\",\"one,\r\ntwo\"\r\nBo,5\" pipe\r\n"),
        [["Ada \"the\" L.", "one,\r\ntwo"], ["Bo", "5\" pipe"]]
    );
}

#[test]
fn rows_know_their_physical_line_whatever_the_line_ends() {
    for end in ["\n", "\r\n", "\r"] {
        let text = "id,note\n\n1,\"a\nb\nc\"\n\n\n2,x\n,\n3,y".replace('\n', end);
        let lines: Vec<u32> = table(&text).rows().map(Row::line).collect();
        assert_eq!(lines, [3, 8, 10], "{end:?}");
    }
}

#[test]
fn rows_of_the_wrong_width_are_named_and_left_out() {
    let table = table("id,name,note\n1,Ada\n2,Bo,x,y\n3,Cy,z,\n4,Di,w\n");
    assert_eq!(table.len(), 2);
    let issues: Vec<String> = table.rejected().iter().map(ToString::to_string).collect();
    assert_eq!(
        issues[0],
        "Line 2, \"note\": is missing: the row has 2 cells where the header has 3"
    );
    assert!(issues[1].starts_with("Line 3, \"Column 4\": \"y\" stands beyond the last column"));
}

#[test]
fn a_cell_of_ten_million_characters_is_one_clear_error() {
    let text = format!("id,note\n1,ok\n2,{}\n3,ok\n", "x".repeat(10_000_000));
    let table = table(&text);
    assert_eq!(table.len(), 2);
    let [issue] = table.rejected() else {
        panic!("one issue expected");
    };
    assert_eq!((issue.line, issue.column.as_str()), (3, "note"));
    assert!(
        issue
            .message
            .starts_with("has 10000000 characters; at most 10000 are read")
    );
    assert!(issue.value.chars().count() <= 61);
}

#[test]
fn a_cell_at_the_limit_is_read_and_characters_are_counted_not_bytes() {
    let limits = Limits {
        cell_chars: 4,
        ..Limits::default()
    };
    let fits = Table::parse("a,b\nññññ,1\n", &limits).unwrap();
    assert_eq!((fits.len(), fits.rejected().len()), (1, 0));
    let over = Table::parse("a,b\nñññññ,1\n", &limits).unwrap();
    assert_eq!((over.len(), over.rejected().len()), (0, 1));
}

#[test]
fn an_open_quotation_mark_stops_the_file() {
    for text in [
        "id,note\n1,ok\n2,\"open\n3,x\n4,y\n",
        "id,note\n1,ok\n2,\"open",
    ] {
        assert_eq!(
            Table::parse(text, &Limits::default()).unwrap_err(),
            TableError::QuoteNeverClosed { line: 3 },
        );
    }
    assert_eq!(cells("id,note\n1,5\" pipe"), [["1", "5\" pipe"]]);
    assert_eq!(cells("id,note\n1,\"closed\""), [["1", "closed"]]);
}

#[test]
fn repeated_and_empty_headers_get_names_of_their_own() {
    let table = table("Phone,,Phone,Phone (2), Name \n1,2,3,4,5\n");
    assert_eq!(
        table.headers(),
        ["Phone", "Column 2", "Phone (2)", "Phone (2) (2)", "Name"]
    );
}

#[test]
fn a_file_without_a_header_row_is_refused() {
    for text in [
        "INV-1,250.00,ada@example.com\n",
        "1001,2026-01-05,Ada\n",
        "2125550142\n2125550143\n",
    ] {
        assert!(
            matches!(
                Table::parse(text, &Limits::default()),
                Err(TableError::NoHeader { line: 1, .. })
            ),
            "{text}"
        );
    }
    assert_eq!(
        Table::parse("\n\n , \n", &Limits::default()).unwrap_err(),
        TableError::NoRows
    );
}

#[test]
fn too_many_rows_and_columns_stop_the_file() {
    let limits = Limits {
        rows: 2,
        columns: 3,
        ..Limits::default()
    };
    assert_eq!(
        Table::parse("a\nx\nx\nx\n", &limits).unwrap_err(),
        TableError::TooManyRows { limit: 2 }
    );
    assert_eq!(
        Table::parse("a,b,c,d\n", &limits).unwrap_err(),
        TableError::TooManyColumns {
            columns: 4,
            limit: 3
        }
    );
    assert!(Table::parse("a,b,c\nx,x,x\nx,x,x\n", &limits).is_ok());
}

#[test]
fn a_header_only_file_is_a_table_without_rows() {
    let table = table("invoice,amount\n");
    assert!(table.is_empty());
    assert!(table.row(0).is_none());
}
