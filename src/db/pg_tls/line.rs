//! An open line to the server, read by one thread and written by another.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustls::ClientConnection;

use super::dial::Timed;

/// How much is taken from a socket at once: one TLS record.
pub(super) const PIECE: usize = 16 * 1024;

/// The TCP stream to the server and, unless the server has none, the TLS within it.
///
/// `receive` is for one thread and `send` for another. The lock on the TLS state is never held
/// while a socket blocks, so neither thread waits for the other's half of the line: with both
/// halves full, a client that reads in order to write would otherwise stand still for ever.
/// Receiving never writes to the socket. What TLS wants to say in answer (a new key) it says in
/// front of the next thing sent, which is when it must be said (RFC 8446, 4.6.3).
pub(super) struct ServerLine {
    tcp: TcpStream,
    tls: Option<Mutex<ClientConnection>>,
}

impl ServerLine {
    pub(super) fn encrypted(tcp: TcpStream, tls: ClientConnection) -> Self {
        let tls = Some(Mutex::new(tls));
        Self { tcp, tls }
    }

    pub(super) fn plain(tcp: TcpStream) -> Self {
        Self { tcp, tls: None }
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    /// As `receive`, but no later than the deadline.
    pub(super) fn receive_by(&self, deadline: Instant, into: &mut Vec<u8>) -> io::Result<bool> {
        let tcp = &self.tcp;
        self.receive_from(Timed { tcp, deadline }, into)
    }

    /// Waits for something to arrive and appends it. False at the end of the line.
    pub(super) fn receive(&self, into: &mut Vec<u8>) -> io::Result<bool> {
        self.receive_from(&self.tcp, into)
    }

    pub(super) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        let mut tcp = &self.tcp;
        let Some(tls) = &self.tls else {
            return tcp.write_all(bytes);
        };
        let mut records = Vec::new();
        for piece in bytes.chunks(PIECE) {
            let mut tls = lock(tls);
            tls.writer().write_all(piece)?;
            take_records(&mut tls, &mut records)?;
            drop(tls);
            tcp.write_all(&records)?;
            records.clear();
        }
        Ok(())
    }

    /// Lifts the time-outs under which the line was made.
    pub(super) fn wait_without_limit(&self) -> io::Result<()> {
        self.tcp.set_read_timeout(None)?;
        self.tcp.set_write_timeout(None)
    }

    /// Says within TLS that nothing more will be sent, as far as that can be said at once. For
    /// the sending thread.
    pub(super) fn say_goodbye(&self) {
        let Some(tls) = &self.tls else {
            return;
        };
        let mut tls = lock(tls);
        tls.send_close_notify();
        let mut records = Vec::new();
        let mut tcp = &self.tcp;
        // A goodbye that cannot be said is no loss: the stream ends with or without it.
        let _ = take_records(&mut tls, &mut records)
            .and_then(|()| tcp.set_nonblocking(true))
            .and_then(|()| tcp.write_all(&records));
    }

    /// Ends the line and wakes both threads.
    pub(super) fn cut(&self) {
        // An error here means that the stream has ended already.
        let _ = self.tcp.shutdown(Shutdown::Both);
    }

    fn receive_from(&self, mut tcp: impl Read, into: &mut Vec<u8>) -> io::Result<bool> {
        let before = into.len();
        let mut piece = [0; PIECE];
        loop {
            if let Some(tls) = &self.tls {
                let ended = take_plaintext(&mut lock(tls), into)?;
                if into.len() > before || ended {
                    return Ok(into.len() > before);
                }
            }
            let count = match tcp.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            let received = piece.get(..count).unwrap_or_default();
            if received.is_empty() {
                return Ok(false);
            }
            match &self.tls {
                Some(tls) => decrypt(&mut lock(tls), received, into)?,
                None => {
                    into.extend_from_slice(received);
                    return Ok(true);
                }
            }
        }
    }
}

/// Feeds what came from the socket to TLS and appends what was said.
fn decrypt(tls: &mut ClientConnection, mut received: &[u8], into: &mut Vec<u8>) -> io::Result<()> {
    // After the server's goodbye nothing more is taken.
    while !received.is_empty() && tls.read_tls(&mut received)? > 0 {
        tls.process_new_packets()
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        take_plaintext(tls, into)?;
    }
    Ok(())
}

/// True once the server has said goodbye.
fn take_plaintext(tls: &mut ClientConnection, into: &mut Vec<u8>) -> io::Result<bool> {
    match tls.reader().read_to_end(into) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        Err(error) => Err(error),
    }
}

fn take_records(tls: &mut ClientConnection, records: &mut Vec<u8>) -> io::Result<()> {
    while tls.wants_write() {
        tls.write_tls(records)?;
    }
    Ok(())
}

/// TLS state is whole between calls: nothing here leaves it half-changed by a panic.
fn lock(tls: &Mutex<ClientConnection>) -> MutexGuard<'_, ClientConnection> {
    tls.lock().unwrap_or_else(PoisonError::into_inner)
}
