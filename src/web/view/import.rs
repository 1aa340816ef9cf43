//! Upload, mapping, review, commit, result: each a page of its own that survives a reload.

use askama::Template;

use crate::web::filters;
use crate::web::shell::Shell;
use crate::web::view::form::{self, Choices, Field, FieldError, HasError};
use crate::web::view::part::{Pager, Tone, When};

/// `GET /imports`.
#[derive(Template)]
#[template(path = "imports/list.html")]
pub struct ImportListPage {
    pub shell: Shell,
    pub rows: Vec<ImportRow>,
    pub pager: Pager,
    pub can_upload: bool,
}

/// One import in the history.
#[derive(Debug, Clone)]
pub struct ImportRow {
    pub id: String,
    pub file: String,
    /// "Placements", "Contact history", "Do-not-call list".
    pub kind: String,
    pub creditor: String,
    pub by: String,
    pub when: When,
    pub state: ImportState,
    pub rows: u64,
    pub taken: u64,
    pub skipped: u64,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    Mapping,
    Reviewing,
    Committing,
    Done,
    Failed,
    Discarded,
}

impl ImportState {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Mapping => "Waiting for columns",
            Self::Reviewing => "Waiting for review",
            Self::Committing => "Running",
            Self::Done => "Done",
            Self::Failed => "Failed",
            Self::Discarded => "Discarded",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Mapping | Self::Reviewing => Tone::Warning,
            Self::Committing => Tone::Info,
            Self::Done => Tone::Success,
            Self::Failed => Tone::Danger,
            Self::Discarded => Tone::Neutral,
        }
    }
}

/// `GET /imports/new`, and the answer to a file that cannot be read.
#[derive(Template)]
#[template(path = "imports/upload.html")]
pub struct ImportUploadPage {
    pub shell: Shell,
    /// Field `file`; only its error matters.
    pub file: Field,
    /// Field `kind`.
    pub kind: Choices,
    /// Field `creditor`, for staff; none for a creditor's own people.
    pub creditor: Option<Choices>,
    /// Field `encoding`.
    pub encoding: Choices,
    pub columns: Vec<ExpectedColumn>,
    /// A file to start from.
    pub sample_href: String,
}

/// A column that an import understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedColumn {
    pub name: String,
    pub required: bool,
    pub meaning: String,
}

impl ImportUploadPage {
    pub fn errors(&self) -> Vec<FieldError> {
        let mut fields: Vec<&dyn HasError> = vec![&self.kind];
        if let Some(creditor) = &self.creditor {
            fields.push(creditor);
        }
        fields.push(&self.file);
        form::errors(&fields)
    }
}

/// `GET /imports/{id}` while columns are mapped.
#[derive(Template)]
#[template(path = "imports/mapping.html")]
pub struct ImportMappingPage {
    pub shell: Shell,
    pub id: String,
    pub file: String,
    pub rows: u64,
    pub columns: Vec<MappedColumn>,
    /// Field `date_order`.
    pub date_order: Choices,
    /// Field `zone`, for times that name none; none for files without times.
    pub zone: Option<Choices>,
    /// A required column that nothing was mapped to, or two mapped to the same.
    pub errors: Vec<FieldError>,
    /// The mapping was remembered from an earlier file of this creditor.
    pub remembered: bool,
}

/// One column of the file.
#[derive(Debug, Clone)]
pub struct MappedColumn {
    /// The header in the file's own words.
    pub header: String,
    /// The first values, as they stand.
    pub samples: Vec<String>,
    /// Field `column_{n}`; the empty value leaves the column out.
    pub target: Choices,
    pub guessed: bool,
}

/// `GET /imports/{id}` when the rows are read and nothing is saved yet.
#[derive(Template)]
#[template(path = "imports/review.html")]
pub struct ImportReviewPage {
    pub shell: Shell,
    pub id: String,
    pub file: String,
    pub ready: u64,
    pub with_errors: u64,
    pub duplicates: u64,
    /// The sum of the rows that are ready; none for files without amounts.
    pub total_amount: Option<String>,
    pub problems: Vec<RowProblem>,
    /// Through the errors and warnings.
    pub pager: Pager,
    /// Where the complete list of problems can be downloaded; set when there are any.
    pub all_problems_href: Option<String>,
    pub duplicate_rows: Vec<DuplicateRow>,
    /// Duplicates beyond those that are listed.
    pub more_duplicates: u64,
}

/// One thing wrong, in the file's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// The line of the file on which the row begins: the header is on line 1.
    pub row: u64,
    pub column: String,
    /// The value as it stands, shortened.
    pub value: String,
    pub message: String,
    pub severity: ProblemSeverity,
}

/// Whether a problem keeps its row out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemSeverity {
    Error,
    Warning,
}

impl ProblemSeverity {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Error => "Error",
            Self::Warning => "Warning",
        }
    }

    pub const fn tone(self) -> Tone {
        match self {
            Self::Error => Tone::Danger,
            Self::Warning => Tone::Warning,
        }
    }
}

/// A row whose creditor and invoice number are on file already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateRow {
    pub row: u64,
    pub invoice: String,
    pub debtor: String,
    /// The placement it repeats.
    pub placement_id: String,
}

/// `GET /imports/{id}` while rows are committed in the background.
#[derive(Template)]
#[template(path = "imports/progress.html")]
pub struct ImportProgressPage {
    pub shell: Shell,
    pub id: String,
    pub file: String,
    pub done: u64,
    pub total: u64,
}

/// `GET /imports/{id}` afterwards.
#[derive(Template)]
#[template(path = "imports/result.html")]
pub struct ImportResultPage {
    pub shell: Shell,
    pub id: String,
    pub file: String,
    pub by: String,
    pub finished: When,
    pub taken: u64,
    pub skipped: u64,
    pub duplicates: u64,
    /// Every row with its outcome and the id it got.
    pub result_href: String,
    /// Set when the import failed: why and what to do, in words.
    pub failure: Option<String>,
}

/// The steps of an import, as the pages show them.
pub const STEPS: [&str; 5] = ["Upload", "Columns", "Check", "Import", "Result"];
