//! Form fields with what was typed and what was wrong with it.

/// One field: its name is also its element's id, so that an error summary can point at it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub value: String,
    pub error: Option<String>,
}

impl Field {
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            error: None,
        }
    }

    #[must_use]
    pub fn with_error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }
}

/// A field with a fixed set of answers: radios, checkboxes or a select.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    pub name: String,
    pub options: Vec<Choice>,
    pub error: Option<String>,
}

/// One answer of [`Choices`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// May be empty.
    pub hint: String,
    pub chosen: bool,
}

impl Choices {
    /// Choices from value and label, with the one that was chosen marked.
    pub fn new<'a>(
        name: impl Into<String>,
        options: impl IntoIterator<Item = (&'a str, &'a str)>,
        chosen: &str,
    ) -> Self {
        Self {
            name: name.into(),
            options: options
                .into_iter()
                .map(|(value, label)| Choice {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    hint: String::new(),
                    chosen: value == chosen,
                })
                .collect(),
            error: None,
        }
    }

    #[must_use]
    pub fn with_error(mut self, error: impl Into<String>) -> Self {
        self.error = Some(error.into());
        self
    }
}

/// A line of the error summary: the message, and the id of the field it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

/// What can hold an error of its own.
pub trait HasError {
    fn error(&self) -> Option<FieldError>;
}

impl HasError for Field {
    fn error(&self) -> Option<FieldError> {
        self.error.as_ref().map(|message| FieldError {
            field: self.name.clone(),
            message: message.clone(),
        })
    }
}

impl HasError for Choices {
    fn error(&self) -> Option<FieldError> {
        self.error.as_ref().map(|message| FieldError {
            field: self.name.clone(),
            message: message.clone(),
        })
    }
}

/// The error summary of a form, in the order of its fields.
pub fn errors(fields: &[&dyn HasError]) -> Vec<FieldError> {
    fields.iter().filter_map(|field| field.error()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_lists_the_errors_in_the_order_of_the_fields() {
        let amount = Field::new("amount", "1e9").with_error("Enter an amount, such as 1250.00");
        let reference = Field::new("reference", "");
        let method = Choices::new("method", [("wire", "Wire")], "").with_error("Choose how");
        let fields: Vec<_> = errors(&[&amount, &reference, &method])
            .into_iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(fields, ["amount", "method"]);
    }
}
