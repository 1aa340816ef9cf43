//! The debtor's portal, through its public routes, with the codes read from the mail.

mod again;
mod entering;
mod links;
mod mail;
mod stopping;
mod unproven;
mod wishes;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Duration;
use forbear::actions::portal::links as actions;
use forbear::domain::actor::Actor;
use forbear::domain::id::PlacementId;
use forbear::outreach::mailer::{FileMailer, Mailer};
use forbear::store::Scope;
use forbear::worker::{self, Stopping};

use crate::support::{Client, TestApp};

const COOKIE: &str = "forbear-portal";

/// The path of a new link to this account.
fn link(app: &TestApp, placement: PlacementId) -> String {
    let (_, address) = actions::create_link(
        &app.ctx,
        &Actor::System("demo"),
        Scope::Agency,
        placement,
        actions::LIFETIME,
    )
    .unwrap();
    address
        .strip_prefix("http://forbear.test")
        .unwrap()
        .to_owned()
}

fn mail_folder(app: &TestApp) -> PathBuf {
    app.folder.path().join("mail")
}

/// Delivers what is due, and returns how many mails went out.
async fn deliver(app: &TestApp) -> usize {
    let mailer: Arc<dyn Mailer> = Arc::new(FileMailer::new(mail_folder(app), &app.ctx.public_url));
    worker::mail::run(&app.ctx, &mailer, &Stopping::never())
        .await
        .unwrap()
}

/// Every mail that went out, oldest first.
fn mails(app: &TestApp) -> Vec<String> {
    let Ok(folder) = fs::read_dir(mail_folder(app)) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}

/// The code in the newest mail.
fn newest_code(app: &TestApp) -> String {
    let mails = mails(app);
    let (_, rest) = mails.last().unwrap().split_once("Your code is ").unwrap();
    rest[..6].to_owned()
}

/// Asks for a code by this link and reads it from the mail, a second later than whatever was
/// before: mails of one moment have no order.
async fn code(app: &TestApp, client: &mut Client<'_>, link: &str) -> String {
    app.clock.advance(Duration::seconds(1));
    let answer = client.post(link, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(deliver(app).await, 1);
    newest_code(app)
}

/// A debtor who has come in.
async fn visitor<'a>(app: &'a TestApp, placement: PlacementId) -> Client<'a> {
    let mut client = app.anonymous();
    let link = link(app, placement);
    let code = code(app, &mut client, &link).await;
    let answer = client
        .post(&format!("{link}/code"), &[("code", &code)])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    client
}

/// Another six digits.
fn not(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
