use super::{Page, plain_shell, rendered, words};
use crate::web::view::part::Link;
use crate::web::view::session::{ErrorPage, SignInForm, SignInPage};

pub(super) fn pages() -> Vec<Page> {
    vec![
        ("sign-in", rendered(&sign_in())),
        ("sign-in-refused", rendered(&refused())),
        ("error", rendered(&not_found())),
    ]
}

fn sign_in() -> SignInPage {
    SignInPage {
        shell: plain_shell("Sign in"),
        form: SignInForm::new(""),
        notice: None,
        next: Some("/placements?status=ready".to_owned()),
    }
}

fn refused() -> SignInPage {
    let mut page = sign_in();
    page.form = SignInForm::new("dana@harborsupply.example");
    page.form.email = page
        .form
        .email
        .with_error("That email and password do not go together");
    page.shell.title = "Error: Sign in".to_owned();
    page
}

fn not_found() -> ErrorPage {
    ErrorPage {
        shell: plain_shell("This page is not here"),
        status: 404,
        message: "The address may be mistyped, or the page belongs to somebody else's account."
            .to_owned(),
        ways_on: vec![Link::new("Go to placements", "/placements")],
        request_id: Some("01JD6Q3V9K".to_owned()),
    }
}

#[test]
fn a_refused_sign_in_keeps_the_email_points_at_it_and_forgets_the_password() {
    let html = rendered(&refused());
    assert!(html.contains(r##"<a href="#email">That email and password do not go together</a>"##));
    assert!(html.contains(r#"value="dana@harborsupply.example""#));
    assert!(html.contains(r#"aria-describedby="email-error" aria-invalid="true""#));
    assert!(html.contains(r#"type="password" value="""#));
}

#[test]
fn an_error_says_what_happened_and_the_way_on() {
    let text = words(&rendered(&not_found()));
    assert!(text.contains("Error 404 This page is not here"));
    assert!(text.contains("Go to placements"));
    assert!(text.contains("01JD6Q3V9K"));
}

#[test]
fn what_was_typed_is_escaped() {
    let mut page = sign_in();
    page.form = SignInForm::new("\"><script>alert(1)</script>");
    let html = rendered(&page);
    assert!(!html.contains("<script>alert"));
}
