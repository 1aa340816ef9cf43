//! Who owes, and where they are reached.

use super::PlacementField as F;
use crate::intake::mapping::FieldSpec;

pub(super) const SPECS: [FieldSpec<F>; 22] = [
    FieldSpec::new(
        F::DebtorReference,
        "debtor_reference",
        "Customer number",
        "The creditor's own number for the debtor; rows with the same number are one debtor.",
    )
    .named(&[
        "external_debtor_ref",
        "customer number",
        "customer id",
        "debtor id",
        "debtor reference",
        "patient id",
        "client id",
        "guarantor id",
        "guarantor number",
        "external debtor reference",
    ])
    .loosely(&[
        "customer reference",
        "customer account",
        "mrn",
        "member id",
        "tenant id",
        "patient number",
        "chart number",
        "customer code",
    ]),
    FieldSpec::new(
        F::DebtorKind,
        "debtor_kind",
        "Person or business",
        "person or business.",
    )
    .named(&[
        "kind",
        "debtor type",
        "customer type",
        "account type",
        "entity type",
        "party type",
        "person or business",
    ])
    .loosely(&["type"]),
    FieldSpec::new(
        F::Name,
        "name",
        "Name",
        "The debtor's full name, where it is not split.",
    )
    .named(&[
        "debtor",
        "debtor name",
        "full name",
        "customer name",
        "customer",
        "patient name",
        "guarantor",
        "guarantor name",
        "client name",
        "consumer name",
        "account name",
        "sold to",
        "bill to",
        "bill to name",
    ])
    .loosely(&[
        "patient",
        "client",
        "responsible party",
        "account holder",
        "tenant name",
        "borrower",
        "borrower name",
        "party",
    ]),
    FieldSpec::new(
        F::CompanyName,
        "company_name",
        "Company name",
        "The name of the business.",
    )
    .named(&[
        "company",
        "business name",
        "organization",
        "organization name",
        "firm",
        "business",
        "legal name",
        "trading name",
        "dba",
    ])
    .loosely(&["employer name"]),
    FieldSpec::new(
        F::FirstName,
        "first_name",
        "First name",
        "The person's first name.",
    )
    .named(&[
        "first",
        "given name",
        "forename",
        "debtor first name",
        "patient first name",
        "guarantor first name",
        "customer first name",
    ]),
    FieldSpec::new(
        F::LastName,
        "last_name",
        "Last name",
        "The person's last name.",
    )
    .named(&[
        "last",
        "surname",
        "family name",
        "debtor last name",
        "patient last name",
        "guarantor last name",
        "customer last name",
    ]),
    FieldSpec::new(
        F::ContactName,
        "contact_name",
        "Contact at the business",
        "Whom to ask for at a business.",
    )
    .named(&[
        "contact",
        "contact person",
        "attention",
        "attn",
        "ap contact",
        "accounts payable contact",
        "buyer contact",
    ])
    .loosely(&["attention to"]),
    FieldSpec::new(
        F::AddressLine1,
        "address_line1",
        "Address line 1",
        "Street and house number, or a post office box.",
    )
    .named(&[
        "address",
        "address 1",
        "street",
        "street address",
        "street 1",
        "mailing address",
        "billing address",
        "address street",
    ])
    .loosely(&["street line 1", "bill to address", "home address"]),
    FieldSpec::new(
        F::AddressLine2,
        "address_line2",
        "Address line 2",
        "Apartment, suite or floor.",
    )
    .named(&[
        "address 2",
        "street 2",
        "apartment",
        "suite",
        "unit",
        "apt",
        "apt suite",
    ])
    .loosely(&["address line two"]),
    FieldSpec::new(F::City, "city", "City", "City or town.")
        .named(&["town", "municipality", "city name"])
        .loosely(&["locality"]),
    FieldSpec::new(
        F::State,
        "state",
        "State",
        "Two letters or the name; states, DC and territories.",
    )
    .named(&[
        "state code",
        "st",
        "state province",
        "province",
        "state or territory",
    ])
    .loosely(&["region"]),
    FieldSpec::new(
        F::ZipCode,
        "zip_code",
        "ZIP code",
        "Five digits, or nine with a hyphen.",
    )
    .named(&[
        "zip",
        "postal code",
        "zip 4",
        "postal",
        "postcode",
        "zip plus 4",
        "zip postal code",
    ]),
    FieldSpec::new(
        F::Country,
        "country",
        "Country",
        "The United States; anything else is refused.",
    )
    .named(&["country code"]),
    FieldSpec::new(
        F::Phone,
        "phone",
        "Phone",
        "A phone number with area code. Several columns can be mapped.",
    )
    .named(&[
        "primary_phone",
        "phone number",
        "contact phone",
        "other phone",
        "alternate phone",
        "alt phone",
        "day phone",
        "evening phone",
        "second phone",
        "secondary phone",
        "main phone",
    ])
    .loosely(&["number to call"])
    .repeatable(),
    FieldSpec::new(
        F::MobilePhone,
        "mobile_phone",
        "Mobile phone",
        "A mobile number. Several columns can be mapped.",
    )
    .named(&[
        "mobile",
        "cell",
        "cell phone",
        "mobile number",
        "cell number",
        "wireless",
    ])
    .repeatable(),
    FieldSpec::new(
        F::LandlinePhone,
        "landline_phone",
        "Home phone",
        "A landline number. Several columns can be mapped.",
    )
    .named(&[
        "landline",
        "home phone",
        "home number",
        "residence phone",
        "phone home",
    ])
    .loosely(&["home"])
    .repeatable(),
    FieldSpec::new(
        F::WorkPhone,
        "work_phone",
        "Work phone",
        "A number at work. Several columns can be mapped.",
    )
    .named(&[
        "business phone",
        "office phone",
        "phone work",
        "employer phone",
        "work number",
    ])
    .loosely(&["work"])
    .repeatable(),
    FieldSpec::new(
        F::AutomatedCallsSince,
        "automated_calls_since",
        "Automated calls allowed on",
        "The day on which the person agreed to automated calls on the numbers of this row. It never counts for a landline or a number at work, and without it no machine calls a mobile.",
    )
    .named(&[
        "automated call consent",
        "automated call consent date",
        "autodial consent",
        "autodial consent date",
        "tcpa consent",
        "tcpa consent date",
        "cell consent date",
        "cell phone consent date",
        "consent to call date",
        "mobile consent date",
    ])
    .loosely(&["consent date", "date of consent"]),
    FieldSpec::new(
        F::Email,
        "email",
        "Email",
        "An email address. Several columns can be mapped.",
    )
    .named(&[
        "primary_email",
        "email address",
        "contact email",
        "personal email",
        "billing email",
        "ap email",
        "accounts payable email",
        "second email",
        "secondary email",
        "alternate email",
    ])
    .loosely(&["electronic mail"])
    .repeatable(),
    FieldSpec::new(
        F::WorkEmail,
        "work_email",
        "Work email",
        "An address that the debtor's employer provides. Several columns can be mapped.",
    )
    .named(&["employer email", "office email", "work email address"])
    .repeatable(),
    FieldSpec::new(
        F::Domain,
        "domain",
        "Web domain",
        "The host name of a business, such as host.example.",
    )
    .named(&["primary_domain", "website", "web site", "web address"])
    .loosely(&["url", "homepage"]),
    FieldSpec::new(
        F::PreferredContactMethod,
        "preferred_contact_method",
        "Preferred contact",
        "phone, email, mail, text or portal.",
    )
    .named(&[
        "preferred contact",
        "contact preference",
        "preferred method",
        "preferred channel",
    ])
    .loosely(&["contact method"]),
];
