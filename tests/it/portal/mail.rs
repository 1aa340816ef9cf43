//! The mail with a code: what it says, and that it goes out once.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::Duration;
use diesel::prelude::*;
use forbear::actions::service_mail::ServiceMail;
use forbear::db::schema::outbox;
use forbear::outreach::mailer::{MailError, Mailer};
use forbear::worker::{self, Stopping};

use super::{deliver, link, mails};
use crate::support::TestApp;

/// A mail server that takes nothing.
struct Broken;

impl Mailer for Broken {
    fn send<'a>(
        &'a self,
        _: &'a ServiceMail,
    ) -> Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>> {
        Box::pin(async { Err(MailError::File(std::io::Error::other("disk full"))) })
    }
}

fn statuses(app: &TestApp) -> Vec<(String, i32)> {
    app.rows(|conn| {
        outbox::table
            .filter(outbox::topic.eq("mail"))
            .order(outbox::created_at)
            .select((outbox::status, outbox::attempts))
            .load(conn)
    })
}

#[actix_web::test]
async fn the_mail_names_no_debt_no_creditor_and_no_agency_and_offers_a_way_to_stop() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |row| {
        row.debtor.emails = vec![crate::support::builders::email("dana@debtors.example")];
    });
    app.anonymous().post(&link(&app, placement), &[]).await;
    // Committed, and not sent by the request itself.
    assert_eq!(mails(&app), Vec::<String>::new());
    assert_eq!(deliver(&app).await, 1);
    let [mail] = &mails(&app)[..] else {
        panic!("one mail");
    };
    assert!(mail.contains("\r\nTo: dana@debtors.example\r\n"), "{mail}");
    assert!(mail.contains("\r\nSubject: Your code\r\n"), "{mail}");
    assert!(mail.contains("http://forbear.test/stop"), "{mail}");
    let (_, text) = mail.split_once("\r\n\r\n").unwrap();
    for word in [
        "debt",
        "owe",
        "Cedar",
        "Northbridge",
        "INV-",
        "collect",
        "$",
        "/p/",
    ] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[actix_web::test]
async fn a_mail_goes_out_once_and_is_tried_again_until_it_does() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    app.anonymous().post(&link(&app, placement), &[]).await;
    let broken: Arc<dyn Mailer> = Arc::new(Broken);
    assert_eq!(
        worker::mail::run(&app.ctx, &broken, &Stopping::never())
            .await
            .unwrap(),
        0
    );
    assert_eq!(statuses(&app), [("pending".to_owned(), 1)]);
    // Not at once again.
    assert_eq!(deliver(&app).await, 0);
    app.clock.advance(Duration::seconds(5));
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(statuses(&app), [("done".to_owned(), 1)]);
    app.clock.advance(Duration::minutes(5));
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(mails(&app).len(), 1);
}

#[actix_web::test]
async fn a_mail_whose_code_is_too_old_is_not_sent() {
    let app = TestApp::start().await;
    let placement = app.place(app.creditor("Cedar Harbor"), |_| {});
    app.anonymous().post(&link(&app, placement), &[]).await;
    app.clock.advance(Duration::minutes(10));
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(statuses(&app), [("dead".to_owned(), 0)]);
    assert_eq!(mails(&app), Vec::<String>::new());
}
