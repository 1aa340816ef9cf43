//! Making the line to the server: TCP, the request for TLS, and the handshake.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use socket2::{SockRef, TcpKeepalive};

use super::failure::Failure;
use super::line::ServerLine;
use super::packet::SSL_REQUEST;
use super::route::Line;

/// All that is needed to reach the server, again for every connection.
#[derive(Debug)]
pub(super) struct Dialler {
    pub(super) line: Line,
    pub(super) config: Arc<ClientConfig>,
    pub(super) server_name: ServerName<'static>,
    /// `sslmode=prefer`: go on without TLS when the server has none.
    pub(super) plain_will_do: bool,
}

impl Dialler {
    /// Reaches the server before the deadline. The line's time-outs are left as they are then.
    pub(super) fn dial(&self, deadline: Instant) -> Result<ServerLine, Failure> {
        let tcp = self.connect(deadline)?;
        let mut timed = Timed {
            tcp: &tcp,
            deadline,
        };
        let answer = ask_for_tls(&mut timed).map_err(Failure::in_handshake)?;
        match answer {
            b'S' => {
                let mut tls =
                    ClientConnection::new(Arc::clone(&self.config), self.server_name.clone())
                        .map_err(Failure::Tls)?;
                tls.complete_io(&mut timed).map_err(Failure::in_handshake)?;
                Ok(ServerLine::encrypted(tcp, tls))
            }
            b'N' if self.plain_will_do => Ok(ServerLine::plain(tcp)),
            b'N' => Err(Failure::NoTlsThere),
            _ => Err(Failure::NotPostgres),
        }
    }

    /// Tries each address of the name, each with its share of the time that is left.
    fn connect(&self, deadline: Instant) -> Result<TcpStream, Failure> {
        let server = &self.line.server;
        let addresses: Vec<_> = (server.dial.as_str(), server.port)
            .to_socket_addrs()
            .map_err(Failure::Resolve)?
            .collect();
        let mut last = Failure::Resolve(io::ErrorKind::NotFound.into());
        for (tried, address) in addresses.iter().enumerate() {
            let untried = u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
            let share = remaining(deadline).map_err(Failure::Connect)? / untried;
            match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
                Ok(tcp) => {
                    self.tune(&tcp).map_err(Failure::Connect)?;
                    return Ok(tcp);
                }
                Err(error) => last = Failure::Connect(error),
            }
        }
        Err(last)
    }

    fn tune(&self, tcp: &TcpStream) -> io::Result<()> {
        tcp.set_nodelay(true)?;
        if let Some(keepalive) = self.line.keepalive {
            let settings = TcpKeepalive::new()
                .with_time(keepalive.idle)
                .with_interval(keepalive.interval)
                .with_retries(keepalive.probes);
            SockRef::from(tcp).set_tcp_keepalive(&settings)?;
        }
        // Without effect elsewhere, as libpq has it.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        SockRef::from(tcp).set_tcp_user_timeout(self.line.user_timeout)?;
        Ok(())
    }
}

/// The one byte of the answer is all that is read: whatever came with it unencrypted would fail
/// as the start of the handshake, not pass for something said within TLS (CVE-2021-23222).
fn ask_for_tls(timed: &mut Timed) -> io::Result<u8> {
    timed.write_all(&SSL_REQUEST)?;
    let mut answer = [0];
    timed.read_exact(&mut answer)?;
    Ok(answer[0])
}

fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(io::ErrorKind::TimedOut.into());
    }
    Ok(left)
}

/// A TCP stream every read and write of which ends at one deadline.
pub(super) struct Timed<'a> {
    pub(super) tcp: &'a TcpStream,
    pub(super) deadline: Instant,
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(Some(remaining(self.deadline)?))?;
        let mut tcp = self.tcp;
        tcp.read(buffer).map_err(name_time_out)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp
            .set_write_timeout(Some(remaining(self.deadline)?))?;
        let mut tcp = self.tcp;
        tcp.write(bytes).map_err(name_time_out)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A socket's time-out is told as `WouldBlock`, which rustls would take for "ask again".
fn name_time_out(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::WouldBlock {
        return io::ErrorKind::TimedOut.into();
    }
    error
}
