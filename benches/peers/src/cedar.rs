//! Cedar: each case is a request with its facts as the context.

use cedar_policy::{
    Authorizer, Context, Entities, EntityUid, PolicySet, Request, RestrictedExpression,
};

use crate::cases::{Ready, Reasons};

pub struct Cedar {
    policies: PolicySet,
    authorizer: Authorizer,
    entities: Entities,
}

impl Cedar {
    pub fn new() -> Self {
        Self {
            policies: include_str!("gate.cedar")
                .parse()
                .expect("policies that parse"),
            authorizer: Authorizer::new(),
            entities: Entities::empty(),
        }
    }

    /// The request, made before the clock runs.
    pub fn request(&self, ready: &Ready) -> Request {
        let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
        let pairs = [
            (
                "earliest_minute",
                RestrictedExpression::new_long(ready.earliest_minute),
            ),
            (
                "latest_minute",
                RestrictedExpression::new_long(ready.latest_minute),
            ),
            ("bankruptcy", text(ready.bankruptcy)),
            ("attorney", RestrictedExpression::new_bool(ready.attorney)),
            ("cease", RestrictedExpression::new_bool(ready.cease)),
            (
                "call_opt_out",
                RestrictedExpression::new_bool(ready.call_opt_out),
            ),
            (
                "email_opt_out",
                RestrictedExpression::new_bool(ready.email_opt_out),
            ),
            (
                "do_not_call",
                RestrictedExpression::new_bool(ready.do_not_call),
            ),
            ("listed", RestrictedExpression::new_bool(ready.listed)),
            ("status", text(ready.status)),
            (
                "calls_in_seven_days",
                RestrictedExpression::new_long(ready.calls_in_seven_days),
            ),
            (
                "conversations_in_seven_days",
                RestrictedExpression::new_long(ready.conversations_in_seven_days),
            ),
        ];
        let context = Context::from_pairs(
            pairs
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        )
        .expect("a context");
        let uid = |text: String| -> EntityUid { text.parse().expect("an entity") };
        Request::new(
            uid(r#"Collector::"agent""#.to_owned()),
            uid(format!(r#"Action::"{}""#, ready.channel)),
            uid(r#"Debtor::"pat""#.to_owned()),
            context,
            None,
        )
        .expect("a request")
    }

    /// Whether it is allowed. The reasons are evaluated with it.
    pub fn decide(&self, request: &Request) -> cedar_policy::Response {
        self.authorizer
            .is_authorized(request, &self.policies, &self.entities)
    }

    /// The policies that forbid.
    pub fn reasons(&self, response: &cedar_policy::Response) -> Reasons {
        assert_eq!(response.diagnostics().errors().count(), 0, "{response:?}");
        response
            .diagnostics()
            .reason()
            .filter_map(|id| Some(self.policies.annotation(id, "id")?.to_owned()))
            .collect()
    }
}
