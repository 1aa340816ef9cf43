//! One connection of libpq, carried to the server and back.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Once;
use std::thread;
use std::time::Instant;

use super::dial::Dialler;
use super::failure::Failure;
use super::line::{PIECE, ServerLine};
use super::packet::{
    FirstPacket, fatal_error, is_preliminary, split_message, without_channel_binding,
};
use super::route::ServerAddress;

/// More than any server says before the client signs in.
const LONGEST_FIRST_ANSWER: usize = 64 * 1024;

/// Carries one connection until either side ends it. A line that cannot be made is told to the
/// client the way a server tells it, so that the reason stands in its error.
pub(super) fn serve(client: &UnixStream, dialler: &Dialler) {
    let server = &dialler.line.server;
    let deadline = Instant::now() + dialler.line.connect_timeout;
    let packet = client
        .set_read_timeout(Some(dialler.line.connect_timeout))
        .and_then(|()| FirstPacket::read(client));
    let packet = match packet {
        Ok(Some(packet)) => packet,
        Ok(None) => return,
        Err(error) => {
            tracing::warn!(%error, "a database client did not say what it wants");
            return;
        }
    };
    match sign_in(client, dialler, &packet, deadline) {
        Ok(line) => relay(client, &line, server),
        Err(failure) => {
            let text = match &failure {
                Failure::Resolve(_) | Failure::Connect(_) => {
                    format!("connection to {server} failed: {failure}")
                }
                Failure::NoTlsThere
                | Failure::NotPostgres
                | Failure::Tls(_)
                | Failure::Broken(_) => format!("TLS to {server} failed: {failure}"),
            };
            tracing::warn!("{text}");
            let mut client = client;
            // A client that has hung up does not want to know.
            let _ = client.write_all(&fatal_error(failure.sqlstate(), &text));
        }
    }
}

/// Reaches the server, passes on what the client said first, and the server's first answer.
fn sign_in(
    client: &UnixStream,
    dialler: &Dialler,
    packet: &FirstPacket,
    deadline: Instant,
) -> Result<ServerLine, Failure> {
    let line = dialler.dial(deadline)?;
    if !line.is_encrypted() {
        let server = &dialler.line.server;
        tracing::warn!("the server at {server} has no TLS; sslmode=prefer goes on without");
    }
    line.send(packet.bytes()).map_err(Failure::in_handshake)?;
    if line.is_encrypted() && !packet.is_cancel() {
        pass_first_answer(client, &line, deadline)?;
    }
    line.wait_without_limit()
        .and_then(|()| client.set_read_timeout(None))
        .map_err(Failure::Broken)?;
    Ok(line)
}

/// Passes the server's messages on up to the one that says how to sign in, without offers the
/// client cannot take. (It is also the first place where TLS 1.3 tells that the server did not
/// like the client's certificate.)
fn pass_first_answer(
    mut client: &UnixStream,
    line: &ServerLine,
    deadline: Instant,
) -> Result<(), Failure> {
    let mut received = Vec::new();
    while received.len() < LONGEST_FIRST_ANSWER {
        if !line
            .receive_by(deadline, &mut received)
            .map_err(Failure::in_handshake)?
        {
            return Err(Failure::Broken(io::ErrorKind::UnexpectedEof.into()));
        }
        while let Some((message, rest)) = split_message(&received) {
            client
                .write_all(&without_channel_binding(message))
                .map_err(Failure::Broken)?;
            if !is_preliminary(message) {
                return client.write_all(rest).map_err(Failure::Broken);
            }
            received = rest.to_vec();
        }
    }
    Err(Failure::NotPostgres)
}

/// Copies both ways, each in a thread of its own, until either side ends. libpq never closes one
/// half only, so the end of one half is the end of both.
fn relay(client: &UnixStream, line: &ServerLine, server: &ServerAddress) {
    let ended = Once::new();
    let end = |outcome: io::Result<()>| {
        // The first end breaks the other copying: only the first is news.
        ended.call_once(|| {
            if let Err(error) = outcome {
                tracing::warn!(%error, "a database connection to {server} was lost");
            }
        });
        hang_up(client, line);
    };
    thread::scope(|scope| {
        let up = thread::Builder::new()
            .name(format!("pg-up {}", server.port))
            .spawn_scoped(scope, || {
                let outcome = send_up(client, line);
                line.say_goodbye();
                end(outcome);
            });
        end(up.and_then(|_| receive_down(client, line)));
    });
}

fn send_up(mut client: &UnixStream, line: &ServerLine) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = match client.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            other => other?,
        };
        match piece.get(..count) {
            None | Some([]) => return Ok(()),
            Some(said) => line.send(said)?,
        }
    }
}

fn receive_down(mut client: &UnixStream, line: &ServerLine) -> io::Result<()> {
    let mut received = Vec::new();
    loop {
        let outcome = line.receive(&mut received);
        // What was said in full before a line broke is still worth passing on.
        client.write_all(&received)?;
        received.clear();
        if !outcome? {
            return Ok(());
        }
    }
}

/// Wakes the other thread; the client can still read what was written to it.
fn hang_up(client: &UnixStream, line: &ServerLine) {
    line.cut();
    // An error here means that the client is gone already.
    let _ = client.shutdown(Shutdown::Both);
}
