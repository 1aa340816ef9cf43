//! The client for other people's servers: where it may not go, and what it does not put up with.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use forbear::domain::webhook::address::AddressRules;
use forbear::outreach::http::{
    Answer, Http, HttpError, Limits, Method, Outbound, Reach, Request, Resolve, trust_in,
};

use crate::support::receiver::{Receiver, Reply};

/// Gives its answers in turn, the last one for ever, and counts how often it was asked.
struct Names {
    answers: Mutex<VecDeque<Vec<SocketAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    fn new(answers: &[&[SocketAddr]]) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers.iter().map(|answer| answer.to_vec()).collect()),
            asked: Mutex::default(),
        })
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Resolve for Names {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
        _: u16,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send + 'a>> {
        self.asked.lock().unwrap().push(host.to_owned());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 {
            answers.pop_front().unwrap()
        } else {
            answers[0].clone()
        };
        Box::pin(async { Ok(answer) })
    }
}

const QUICK: Limits = Limits {
    connect: Duration::from_millis(500),
    total: Duration::from_millis(800),
    body: 1_000,
};

fn rules(local: &[&str]) -> Reach {
    let local = local.iter().map(|host| (*host).to_owned()).collect();
    Reach::Customers(Arc::new(AddressRules::new(local, Vec::new())))
}

fn request(url: &str, reach: Reach) -> Request {
    Request {
        method: Method::Post,
        url: url.to_owned(),
        headers: vec![("webhook-id", "m1".to_owned())],
        body: "{}".to_owned(),
        reach,
        limits: QUICK,
    }
}

async fn to(receiver: &Receiver) -> Result<Answer, HttpError> {
    Outbound::default()
        .send(request(&receiver.url(), rules(&["127.0.0.1"])))
        .await
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[actix_web::test]
async fn a_request_arrives_whole_and_names_the_host_and_us() {
    let receiver =
        Receiver::start(|_| Reply::With(201, vec!["x-seen: yes".to_owned()], "thanks".to_owned()));
    let answer = to(&receiver).await.unwrap();
    assert_eq!((answer.status, answer.cut), (201, false));
    assert_eq!(answer.header("x-seen"), Some("yes"));
    assert_eq!(answer.body, b"thanks");
    let [received] = &receiver.received()[..] else {
        panic!("one request");
    };
    assert_eq!(received.line, "POST /hooks HTTP/1.1");
    assert_eq!(received.header("host"), receiver.address().to_string());
    assert_eq!(received.header("webhook-id"), "m1");
    assert!(received.header("user-agent").starts_with("Forbear/"));
    assert_eq!(received.body, "{}");
}

#[actix_web::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let receiver = Receiver::start(|_| Reply::Status(200));
    let port = receiver.address().port();
    let public = address("93.184.215.14:443");
    for inside in [
        format!("127.0.0.1:{port}"),
        "10.0.0.1:443".to_owned(),
        "169.254.169.254:80".to_owned(),
        "100.64.0.1:443".to_owned(),
        "224.0.0.1:443".to_owned(),
        format!("[::1]:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        "[64:ff9b::7f00:1]:443".to_owned(),
        "[fe80::1]:443".to_owned(),
        "[fd12::1]:443".to_owned(),
    ] {
        let inside = address(&inside);
        // Alone, and behind an address that is fine: one bad answer spoils them all.
        for answers in [vec![inside], vec![public, inside]] {
            let names = Names::new(&[&answers]);
            let client = Outbound::with(names, None);
            let error = client
                .send(request("https://hooks.example.com/", rules(&[])))
                .await
                .unwrap_err();
            assert!(
                matches!(error, HttpError::NotPublic(ip) if ip == inside.ip()),
                "{inside}: {error}"
            );
            assert!(error.is_before_sending());
        }
    }
    assert!(receiver.received().is_empty());
}

#[actix_web::test]
async fn a_name_is_looked_up_once_so_that_a_second_answer_changes_nothing() {
    // The first answer is fine; whoever asks again is led to this machine.
    let receiver = Receiver::start(|_| Reply::Status(200));
    let inside = SocketAddr::new(IpAddr::from([127, 0, 0, 1]), receiver.address().port());
    let unreachable = address("192.0.32.1:1");
    let names = Names::new(&[&[unreachable], &[inside]]);
    let client = Outbound::with(names.clone(), None);
    let error = client
        .send(request("https://hooks.example.com/", rules(&[])))
        .await
        .unwrap_err();
    // Whatever is there, it is not what the second answer would have led to.
    assert!(!matches!(error, HttpError::NotPublic(_)), "{error}");
    assert!(error.is_before_sending(), "{error}");
    assert_eq!(names.asked(), 1);
    // For the next request the name is asked and checked anew.
    let error = client
        .send(request("https://hooks.example.com/", rules(&[])))
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::NotPublic(_)), "{error}");
    assert!(receiver.received().is_empty());
}

#[actix_web::test]
async fn literals_and_local_names_never_reach_a_resolver_or_a_server() {
    let receiver = Receiver::start(|_| Reply::Status(200));
    let port = receiver.address().port();
    let names = Names::new(&[&[receiver.address()]]);
    let client = Outbound::with(names.clone(), None);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "localhost",
        "db",
    ] {
        for url in [format!("https://{host}/"), format!("http://{host}:{port}/")] {
            let error = client.send(request(&url, rules(&[]))).await.unwrap_err();
            assert!(matches!(error, HttpError::Address(_)), "{url}: {error}");
        }
    }
    assert_eq!(names.asked(), 0);
    assert!(receiver.received().is_empty());
}

#[actix_web::test]
async fn a_local_name_in_the_settings_opens_this_machine_and_no_other() {
    let names = Names::new(&[&[address("10.0.0.5:80")]]);
    let client = Outbound::with(names, None);
    let error = client
        .send(request("http://hooks.test:80/", rules(&["hooks.test"])))
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::NotPublic(_)), "{error}");
}

#[actix_web::test]
async fn what_the_operator_named_may_be_anywhere() {
    let receiver = Receiver::start(|_| Reply::Status(204));
    let answer = Outbound::default()
        .send(request(&receiver.url(), Reach::Operators))
        .await
        .unwrap();
    assert_eq!(answer.status, 204);
}

#[actix_web::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let other = Receiver::start(|_| Reply::Status(200));
    let target = other.url();
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {target}");
        let receiver =
            Receiver::start(move |_| Reply::With(status, vec![location.clone()], String::new()));
        assert_eq!(to(&receiver).await.unwrap().status, status);
    }
    assert!(other.received().is_empty());
}

#[actix_web::test]
async fn no_receiver_holds_us_longer_than_the_limit() {
    let started = Instant::now();
    for reply in [Reply::Silence(Duration::from_secs(5)), Reply::DripHead] {
        let said = reply.clone();
        let receiver = Receiver::start(move |_| said.clone());
        let error = to(&receiver).await.unwrap_err();
        assert!(matches!(error, HttpError::Timeout(_)), "{reply:?}: {error}");
        assert!(!error.is_before_sending());
    }
    // Its status is here; that its body does not end changes nothing.
    let receiver = Receiver::start(|_| Reply::DripBody);
    let answer = to(&receiver).await.unwrap();
    assert_eq!((answer.status, answer.cut), (200, true));
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
}

#[actix_web::test]
async fn of_a_huge_body_only_the_beginning_is_read() {
    let receiver = Receiver::start(|_| Reply::Huge(50_000_000));
    let answer = to(&receiver).await.unwrap();
    assert_eq!((answer.status, answer.cut), (200, true));
    assert_eq!(answer.body.len(), QUICK.body);
}

#[actix_web::test]
async fn a_head_without_end_and_what_is_not_http_are_no_answers() {
    let long = format!("x-long: {}", "a".repeat(100_000));
    let receiver = Receiver::start(move |_| Reply::With(200, vec![long.clone()], String::new()));
    assert!(matches!(to(&receiver).await, Err(HttpError::Protocol(_))));
    let many: Vec<String> = (0..200).map(|n| format!("x-{n}: a")).collect();
    let receiver = Receiver::start(move |_| Reply::With(200, many.clone(), String::new()));
    assert!(matches!(to(&receiver).await, Err(HttpError::Protocol(_))));
    for reply in [Reply::Garbage, Reply::HangUp] {
        let receiver = Receiver::start(move |_| reply.clone());
        assert!(matches!(to(&receiver).await, Err(HttpError::Protocol(_))));
    }
}

#[actix_web::test]
async fn nobody_there_is_said_and_nothing_was_sent() {
    let gone = {
        let receiver = Receiver::start(|_| Reply::Status(200));
        receiver.url()
    };
    let mut error = None;
    // The system may still hand out the closing listener for a moment.
    for _ in 0..50 {
        error = Outbound::default()
            .send(request(&gone, rules(&["127.0.0.1"])))
            .await
            .err();
        if matches!(error, Some(HttpError::Connect(_))) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{error:?}");
}

#[actix_web::test]
async fn over_tls_the_certificate_must_be_believed_and_be_of_that_name() {
    let receiver = Receiver::start_tls("hooks.test", |_| Reply::Status(200));
    let names = || Names::new(&[&[receiver.address()]]);
    let trusted = trust_in(vec![receiver.certificate.clone().unwrap()]).unwrap();
    let local = &["hooks.test", "other.test"];
    let url = |host: &str| format!("https://{host}:{}/", receiver.address().port());

    let client = Outbound::with(names(), Some(Arc::clone(&trusted)));
    let answer = client
        .send(request(&url("hooks.test"), rules(local)))
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    let error = client
        .send(request(&url("other.test"), rules(local)))
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::Tls(_)), "{error}");

    let other = Receiver::start_tls("hooks.test", |_| Reply::Status(200));
    let stranger = trust_in(vec![other.certificate.clone().unwrap()]).unwrap();
    let client = Outbound::with(names(), Some(stranger));
    let error = client
        .send(request(&url("hooks.test"), rules(local)))
        .await
        .unwrap_err();
    assert!(matches!(error, HttpError::Tls(_)), "{error}");
    assert_eq!(receiver.received().len(), 1);
}
