//! No link on any page leads nowhere: whatever a person is shown, they may open.

use std::collections::{BTreeMap, VecDeque};

use forbear::actions::placing::{Attorney, Cease};
use forbear::actions::stops::{self, StopInput};
use forbear::domain::access::Role;
use forbear::domain::actor::Actor;
use forbear::domain::stop::{Medium, Requester, StopScope};
use forbear::domain::text_enum::TextEnum;

use crate::support::{Client, TestApp};

const CREDITOR: &str = "Cedar Harbor";

/// Pages of one kind that are opened: a list of a hundred placements says nothing that three
/// don't.
const OF_ONE_KIND: usize = 3;

/// The addresses that a page leads to, on this site.
fn links(body: &str) -> Vec<String> {
    body.split("<a ")
        .skip(1)
        .filter_map(|tag| {
            let tag = tag.split_once('>')?.0;
            let (_, rest) = tag.split_once("href=\"")?;
            let href = rest
                .split_once('"')?
                .0
                .replace("&#38;", "&")
                .replace("&amp;", "&");
            let address = href.split('#').next()?.to_owned();
            address.starts_with('/').then_some(address)
        })
        .collect()
}

/// The page's kind: ids and numbers left out.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let steps: Vec<&str> = path
        .split('/')
        .map(|step| {
            if step.len() == 36 || step.bytes().any(|b| b.is_ascii_digit()) {
                "*"
            } else {
                step
            }
        })
        .collect();
    let names: Vec<&str> = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default())
        .collect();
    format!("{}?{}", steps.join("/"), names.join("&"))
}

/// Opens everything that can be reached from `start`; how many pages were opened.
async fn walk(client: &mut Client<'_>, who: &str, start: &[&str]) -> usize {
    let mut opened: BTreeMap<String, usize> = BTreeMap::new();
    let mut seen: Vec<String> = Vec::new();
    let mut queue: VecDeque<(String, String)> = start
        .iter()
        .map(|address| (String::from("the start"), (*address).to_owned()))
        .collect();
    while let Some((from, address)) = queue.pop_front() {
        if seen.contains(&address) {
            continue;
        }
        seen.push(address.clone());
        // A rule's page is one of a kind, and each must be there.
        let is_rule = address.starts_with("/rules/");
        let of_kind = opened.entry(kind(&address)).or_default();
        if *of_kind >= OF_ONE_KIND && !is_rule {
            continue;
        }
        *of_kind += 1;
        let page = client.get(&address).await;
        assert!(
            matches!(page.status, 200 | 303),
            "{who}: {from} leads to {address}, which answers {}",
            page.status
        );
        if page.status == 303 {
            queue.push_back((address.clone(), page.location().to_owned()));
        }
        let content = page.header("content-type");
        if content.starts_with("text/html") {
            queue.extend(
                links(&page.body)
                    .into_iter()
                    .map(|next| (address.clone(), next)),
            );
        }
    }
    opened.values().sum()
}

/// Placements in several states, with refusals, stops, tasks and alerts.
async fn fill(app: &TestApp) {
    let creditor = app.creditor(CREDITOR);
    let plain = app.place(creditor, |_| {});
    let ceased = app.place(creditor, |row| {
        row.debtor.facts.cease = Some(Cease::default())
    });
    let represented = app.place(creditor, |row| {
        row.debtor.facts.attorney = Some(Attorney::default());
    });
    let stopped = app.place(creditor, |_| {});
    let debtor = app.debtor_of(stopped);
    let input = StopInput {
        creditor,
        debtor,
        placement: Some(stopped),
        scope: StopScope::All,
        via: Medium::Portal,
        requester: Requester::Debtor,
        words: None,
        in_writing: true,
        verified: true,
        received_at: app.now(),
    };
    stops::stop(&app.ctx, Actor::Debtor(debtor), input)
        .await
        .unwrap();
    let mut agent = app.sign_in(Role::Agent, None).await;
    for placement in [plain, ceased, represented] {
        let answer = agent
            .post(&format!("/placements/{placement}/contact-checks"), &[])
            .await;
        assert_eq!(answer.status, 303);
    }
    let fields = [("phone", "(614) 555-0148"), ("scope", "all")];
    assert_eq!(app.anonymous().post("/stop", &fields).await.status, 303);
}

#[actix_web::test]
async fn no_link_leads_to_a_page_that_is_not_there_or_not_theirs() {
    let app = TestApp::start().await;
    fill(&app).await;
    for (role, word) in Role::WORDS {
        let creditor = role.belongs_to_creditor().then_some(CREDITOR);
        let mut client = app.sign_in(*role, creditor).await;
        let pages = walk(&mut client, word, &["/"]).await;
        assert!(pages > 20, "{word} reached only {pages} pages");
    }
    let pages = walk(&mut app.anonymous(), "a stranger", &["/rules", "/sign-in"]).await;
    assert!(pages > 59, "{pages}");
}
