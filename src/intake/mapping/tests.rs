use super::*;
use crate::intake::contacts::ContactField;
use crate::intake::placements::PlacementField;

fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn guessed(names: &[&str]) -> Vec<(Option<PlacementField>, Option<Confidence>)> {
    guess(&headers(names), None)
        .into_iter()
        .map(|guess| (guess.field, guess.confidence))
        .collect()
}

fn is_well_formed<F: Field>() {
    let mut meanings: HashMap<String, F> = HashMap::new();
    for (index, spec) in F::specs().enumerate() {
        assert_eq!(spec.field.index(), index, "{}", spec.key);
        assert_eq!(serde_json::to_value(spec.field).unwrap(), spec.key);
        assert!(!spec.help.is_empty() && !spec.label.is_empty());
        let certain = spec.names.iter().chain([&spec.key, &spec.label]);
        for name in certain.chain(spec.loose_names) {
            let words = header::words(name);
            let other = *meanings.entry(words).or_insert(spec.field);
            assert_eq!(other, spec.field, "\"{name}\" means two fields");
        }
    }
}

#[test]
fn field_tables_are_in_order_and_no_header_means_two_fields() {
    is_well_formed::<PlacementField>();
    is_well_formed::<ContactField>();
}

#[test]
fn the_columns_of_the_public_client_are_certain() {
    let names = [
        "company_name",
        "invoice_amount",
        "invoice_number",
        "invoice_date",
        "due_date",
        "primary_email",
        "primary_phone",
        "primary_domain",
        "state",
        "city",
        "zip",
        "posture",
        "notes",
        "external_debtor_ref",
        "has_written_contract",
        "currency",
        "po_number",
        "service_date",
    ];
    for (name, (field, confidence)) in names.iter().zip(guessed(&names)) {
        assert!(field.is_some(), "{name}");
        assert_eq!(confidence, Some(Confidence::Certain), "{name}");
    }
}

#[test]
fn the_columns_of_the_source_documents_are_certain() {
    let names = [
        "address_line1",
        "zip_code",
        "cease_and_desist",
        "attorney_represented",
        "attorney_name",
        "attorney_phone",
        "bankruptcy_filed",
        "bankruptcy_chapter",
        "do_not_call",
        "preferred_contact_method",
        "max_calls_per_week",
        "statute_of_limitations_date",
        "call_opt_out",
        "email_opt_out",
        "status",
    ];
    for (name, (field, confidence)) in names.iter().zip(guessed(&names)) {
        assert!(field.is_some(), "{name}");
        assert!(confidence >= Some(Confidence::Likely), "{name}");
    }
}

#[test]
fn headers_of_a_practice_management_export_are_recognised() {
    use PlacementField as P;
    let names = [
        "Acct No.",
        "Guarantor First Name",
        "Guarantor Last Name",
        "Addr 1",
        "Zip",
        "Home Phone",
        "Cell Phone",
        "Phone 2",
        "E-Mail",
        "Balance Due",
        "Date of Service",
        "SSN",
        "Birth date",
    ];
    let expected = [
        Some(P::InvoiceNumber),
        Some(P::FirstName),
        Some(P::LastName),
        Some(P::AddressLine1),
        Some(P::ZipCode),
        Some(P::LandlinePhone),
        Some(P::MobilePhone),
        Some(P::Phone),
        Some(P::Email),
        Some(P::Amount),
        Some(P::IncurredOn),
        None,
        None,
    ];
    let fields: Vec<_> = guessed(&names)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(fields, expected);
}

#[test]
fn a_field_that_takes_one_column_goes_to_the_surest_header() {
    use PlacementField as P;
    let fields: Vec<_> = guessed(&["Account number", "Invoice #", "Phone", "Phone 2"])
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    assert_eq!(
        fields,
        [None, Some(P::InvoiceNumber), Some(P::Phone), Some(P::Phone)]
    );
}

#[test]
fn what_the_creditor_chose_before_wins_and_survives_storage() {
    use PlacementField as P;
    let names = headers(&["Invoice #", "Amount", "Who", "Clerk"]);
    let mut mapping = Mapping::<P>::guess(&names);
    mapping.set("Who", Some(P::CompanyName));
    mapping.set("Clerk", None);
    let stored = serde_json::to_string(&mapping).unwrap();
    let read: Mapping<P> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read, mapping);

    let again = guess(
        &headers(&["Clerk", "Who", "Amount", "Invoice #"]),
        Some(&read),
    );
    assert_eq!(again[1].field, Some(P::CompanyName));
    assert_eq!(again[1].confidence, Some(Confidence::Remembered));
    assert_eq!(again[0].field, None);
    assert!(Mapping::from_guesses(&again).bind(&names).is_ok());
}

#[test]
fn every_error_of_a_mapping_is_reported() {
    use PlacementField as P;
    let names = headers(&["A", "B", "C"]);
    let mut mapping = Mapping::<P> {
        columns: BTreeMap::new(),
        date_order: DateOrder::default(),
    };
    mapping.set("A", Some(P::Amount));
    mapping.set("B", Some(P::Amount));
    mapping.set("Z", Some(P::City));
    let errors: Vec<String> = mapping
        .bind(&names)
        .unwrap_err()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        errors,
        [
            "Two columns, \"A\" and \"B\", are mapped to Amount. Choose one of them.",
            "The file has no column \"Z\".",
            "No column is mapped to Invoice number, which every row needs.",
            "No column names the debtor: map a name, a company name or a last name.",
        ]
    );
}
