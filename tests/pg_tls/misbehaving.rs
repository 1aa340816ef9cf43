//! Servers that are not there, not PostgreSQL, or up to no good. No PostgreSQL is needed.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::server::free_port;
use crate::{refusal, url};

/// Answers the first 8 bytes of one connection with `answer`, then waits for it to end.
fn answering(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 8];
        stream.read_exact(&mut request).unwrap();
        assert_eq!(request, [0, 0, 0, 8, 4, 210, 22, 47]);
        stream.write_all(answer).unwrap();
        wait_for_the_end(stream);
    });
    port
}

fn wait_for_the_end(mut stream: TcpStream) {
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest);
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let port = free_port();
    let text = refusal(&url(port, "sslmode=require"));
    assert!(
        text.contains(&format!("connection to db.example:{port} failed")),
        "{text}"
    );
    assert!(text.contains("refused"), "{text}");
}

#[test]
fn a_name_that_does_not_exist_is_told() {
    let text = refusal("postgres://nowhere.invalid/x?sslmode=require");
    assert!(text.contains("nowhere.invalid:5432"), "{text}");
    assert!(
        text.contains("the name of the host was not found"),
        "{text}"
    );
}

#[test]
fn a_server_that_stays_silent_is_given_up() {
    let text = refusal(&url(answering(b""), "sslmode=require&connect_timeout=1"));
    assert!(text.contains("did not answer in time"), "{text}");
}

#[test]
fn a_server_that_stays_silent_in_the_handshake_is_given_up() {
    let text = refusal(&url(answering(b"S"), "sslmode=require&connect_timeout=1"));
    assert!(text.contains("did not answer in time"), "{text}");
}

#[test]
fn something_other_than_postgresql_is_told_apart() {
    let text = refusal(&url(answering(b"HTTP/1.1 400"), "sslmode=require"));
    assert!(text.contains("does not answer as a PostgreSQL"), "{text}");
}

#[test]
fn prefer_does_not_go_on_in_the_clear_after_an_odd_answer() {
    let text = refusal(&url(answering(b"E"), "sslmode=prefer"));
    assert!(text.contains("does not answer as a PostgreSQL"), "{text}");
}

#[test]
fn words_slipped_in_before_the_handshake_are_not_taken_for_the_servers() {
    let slipped_in = b"SR\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    let text = refusal(&url(answering(slipped_in), "sslmode=require"));
    assert!(text.contains("TLS to db.example"), "{text}");
}
