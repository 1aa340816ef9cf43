//! What is owed and since when.

use super::PlacementField as F;
use crate::intake::mapping::FieldSpec;

pub(super) const SPECS: [FieldSpec<F>; 20] = [
    FieldSpec::new(
        F::InvoiceNumber,
        "invoice_number",
        "Invoice number",
        "The creditor's number of the account or invoice; unique.",
    )
    .named(&["invoice", "invoice no", "invoice reference", "bill number"])
    .loosely(&[
        "account number",
        "account",
        "account no",
        "document number",
        "file number",
        "claim number",
        "reference number",
        "bill",
        "statement number",
        "loan number",
    ])
    .required(),
    FieldSpec::new(
        F::Amount,
        "amount",
        "Amount",
        "What is owed now, in US dollars: 1250.00.",
    )
    .named(&[
        "invoice_amount",
        "amount due",
        "balance due",
        "balance",
        "amount owed",
        "current balance",
        "outstanding balance",
        "open balance",
        "total due",
        "open amount",
        "past due amount",
    ])
    .loosely(&[
        "total",
        "outstanding",
        "amount outstanding",
        "principal balance",
        "invoice total",
        "total amount",
        "total balance",
        "remaining balance",
    ])
    .required(),
    FieldSpec::new(
        F::InvoiceDate,
        "invoice_date",
        "Invoice date",
        "The day of the invoice.",
    )
    .named(&[
        "date of invoice",
        "bill date",
        "billing date",
        "statement date",
    ])
    .loosely(&["date", "document date", "posting date"]),
    FieldSpec::new(
        F::DueDate,
        "due_date",
        "Due date",
        "The day on which payment was due.",
    )
    .named(&[
        "due",
        "due on",
        "date due",
        "payment due",
        "payment due date",
        "net due date",
        "original due date",
    ])
    .loosely(&["due by"]),
    FieldSpec::new(
        F::IncurredOn,
        "incurred_on",
        "Incurred on",
        "The day of the purchase, service or loan.",
    )
    .named(&[
        "incurred date",
        "date incurred",
        "service date",
        "date of service",
        "ship date",
        "delivery date",
        "date of purchase",
        "transaction date",
        "order date",
        "visit date",
    ])
    .loosely(&["opened", "open date", "date opened", "origination date"]),
    FieldSpec::new(
        F::LastPaymentOn,
        "last_payment_on",
        "Last payment on",
        "The day of the last payment.",
    )
    .named(&[
        "last payment date",
        "date of last payment",
        "last pay date",
        "last paid",
        "last payment",
        "last paid on",
        "last paid date",
    ])
    .loosely(&["last activity date"]),
    FieldSpec::new(
        F::LimitationsExpiresOn,
        "limitations_expires_on",
        "Limitation expires on",
        "The last day on which suit is open.",
    )
    .named(&[
        "limitation expires on",
        "limitations expire on",
        "limitation expiry",
        "limitation date",
        "limitation expiry date",
        "limitations date",
        "statute_of_limitations_date",
        "statute of limitations",
        "sol expires",
        "sol expiry",
        "sol date",
        "limitations expiry date",
    ])
    .loosely(&["statute date"]),
    FieldSpec::new(
        F::ItemizationDate,
        "itemization_date",
        "Itemization date",
        "The day from which the amount is itemized.",
    )
    .named(&["itemisation date"])
    .loosely(&["charge off date", "chargeoff date"]),
    FieldSpec::new(
        F::ItemizationAmount,
        "itemization_amount",
        "Amount on the itemization date",
        "What was owed on that day.",
    )
    .named(&[
        "itemization balance",
        "amount at itemization date",
        "itemization date amount",
        "itemization date balance",
    ])
    .loosely(&[
        "charge off amount",
        "charge off balance",
        "original balance",
        "original amount",
    ]),
    FieldSpec::new(
        F::ItemizationInterest,
        "itemization_interest",
        "Interest since",
        "Interest added since the itemization date.",
    )
    .named(&[
        "interest",
        "interest since itemization",
        "accrued interest",
        "finance charge",
        "finance charges",
    ])
    .loosely(&["interest charged", "late interest"]),
    FieldSpec::new(
        F::ItemizationFees,
        "itemization_fees",
        "Fees since",
        "Fees added since the itemization date.",
    )
    .named(&["fees", "fees since itemization", "late fees"])
    .loosely(&["fee", "charges", "late charges"]),
    FieldSpec::new(
        F::ItemizationCredits,
        "itemization_credits",
        "Payments and credits since",
        "Payments and credits since the itemization date.",
    )
    .named(&[
        "credits",
        "payments and credits",
        "credits since itemization",
        "payments since itemization",
        "payments received",
    ])
    .loosely(&[
        "payments",
        "payments to date",
        "amount paid",
        "paid to date",
    ]),
    FieldSpec::new(
        F::DebtKind,
        "debt_kind",
        "Kind of debt",
        "credit-card, medical, student-loan, lease-balance, mortgage, invoice or other.",
    )
    .named(&["debt type", "type of debt", "kind of debt"])
    .loosely(&["product type", "product", "category"]),
    FieldSpec::new(
        F::OriginalCreditor,
        "original_creditor",
        "Original creditor",
        "To whom it was owed first, where that is another.",
    )
    .named(&["original creditor name", "creditor name"])
    .loosely(&["creditor"]),
    FieldSpec::new(
        F::PoNumber,
        "po_number",
        "Purchase order",
        "The debtor's purchase order number.",
    )
    .named(&["po", "purchase order number", "customer po", "po no"])
    .loosely(&["order number", "sales order"]),
    FieldSpec::new(
        F::Currency,
        "currency",
        "Currency",
        "USD; anything else is refused.",
    )
    .named(&["default_currency", "currency code"])
    .loosely(&["curr"]),
    FieldSpec::new(
        F::HasWrittenContract,
        "has_written_contract",
        "Written contract",
        "Whether there is a written contract: yes or no.",
    )
    .named(&["contract on file", "signed contract"])
    .loosely(&["contract"]),
    FieldSpec::new(F::Posture, "posture", "Posture", "preserve or escalate.")
        .named(&["outreach posture"]),
    FieldSpec::new(
        F::MaxCallsPerWeek,
        "max_calls_per_week",
        "Most calls a week",
        "A cap for this account, 0 to 7.",
    )
    .named(&[
        "max calls",
        "max weekly calls",
        "weekly call cap",
        "call limit per week",
    ]),
    FieldSpec::new(
        F::Notes,
        "notes",
        "Notes",
        "Anything people should know; at most 2,000 characters.",
    )
    .named(&["note", "comment", "comments", "remarks", "memo"])
    .loosely(&["description", "details"]),
];
