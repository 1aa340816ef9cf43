//! Headers as people write them, brought to one spelling so that they can be compared.

/// The words of a header in lower case, abbreviations written out: `InvoiceNo`, `INVOICE #` and
/// `invoice_number` are all `invoice number`.
pub fn words(header: &str) -> String {
    let mut spaced = String::with_capacity(header.len() + 8);
    let mut previous = ' ';
    for c in header.chars() {
        let begins_word = (c.is_uppercase() && previous.is_lowercase())
            || (c.is_ascii_digit() && previous.is_alphabetic())
            || (c.is_alphabetic() && previous.is_ascii_digit());
        if begins_word {
            spaced.push(' ');
        }
        match c {
            '#' => spaced.push_str(" number "),
            '\'' | '\u{2019}' | '.' => {}
            _ if c.is_alphanumeric() => spaced.extend(c.to_lowercase()),
            _ => spaced.push(' '),
        }
        previous = c;
    }
    let mut out = String::with_capacity(spaced.len());
    for word in spaced.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(written_out(word));
    }
    out.replace("e mail", "email")
        .replace("phone number", "phone")
        .replace("number number", "number")
}

fn written_out(word: &str) -> &str {
    match word {
        "no" | "num" | "nbr" | "nr" => "number",
        "acct" | "acc" | "a/c" => "account",
        "inv" => "invoice",
        "addr" => "address",
        "amt" => "amount",
        "bal" => "balance",
        "dt" => "date",
        "ph" | "tel" | "telephone" | "fone" => "phone",
        "cell" | "cellphone" | "cellular" => "mobile",
        "cust" => "customer",
        "pt" => "patient",
        "co" => "company",
        "fname" => "first name",
        "lname" => "last name",
        "firstname" => "first name",
        "lastname" => "last name",
        "zipcode" => "zip code",
        "pmt" => "payment",
        "ref" => "reference",
        "id" => "number",
        "desc" => "description",
        "atty" => "attorney",
        "bk" => "bankruptcy",
        "sol" => "statute of limitations",
        "dos" => "date of service",
        "dnc" => "do not call",
        _ => word,
    }
}

/// The words without a number behind them: `phone 2` is another `phone`.
pub fn without_number(words: &str) -> &str {
    words
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end()
}

/// Whose value it is: said in many files, and the same person here.
const PARTIES: [&str; 22] = [
    "debtor",
    "customer",
    "client",
    "patient",
    "guarantor",
    "consumer",
    "borrower",
    "tenant",
    "member",
    "buyer",
    "payer",
    "responsible party",
    "account holder",
    "bill to",
    "billing",
    "mailing",
    "primary",
    "home",
    "current",
    "resident",
    "contact",
    "student",
];

/// The words without the party in front, if one stands there.
pub fn without_party(words: &str) -> Option<&str> {
    PARTIES
        .iter()
        .find_map(|party| words.strip_prefix(party)?.strip_prefix(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_header_meet() {
        for header in [
            "InvoiceNo",
            "INVOICE #",
            "invoice_number",
            "Inv. No.",
            " Invoice  Number ",
            "invoice-id",
        ] {
            assert_eq!(words(header), "invoice number", "{header}");
        }
        assert_eq!(words("ZIPCode"), "zip code");
        assert_eq!(words("addressLine1"), "address line 1");
        assert_eq!(words("E-mail"), "email");
        assert_eq!(words("Phone #"), "phone");
        assert_eq!(words("Debtor's Name"), "debtors name");
    }

    #[test]
    fn numbers_behind_and_parties_before_can_be_dropped() {
        assert_eq!(without_number(&words("Phone2")), "phone");
        assert_eq!(
            without_party(&words("Patient First Name")),
            Some("first name")
        );
        assert_eq!(without_party("first name"), None);
    }
}
