use serde::Serialize;
#[derive(Debug, Clone)]
pub struct Policy;
impl Policy {
    pub fn builtin() -> Self {
        Self
    }
}
#[derive(Debug, Clone, Serialize)]
pub struct Finding;
#[derive(Debug, Clone)]
pub struct Decision {
    pub findings: Vec<Finding>,
    pub earliest_lawful_at: Option<crate::domain::time::Instant>,
}
