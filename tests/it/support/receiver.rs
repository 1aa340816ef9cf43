//! A web server on this machine that answers as a test wants it, well or badly, and keeps what it
//! was sent.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// One request, as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// `POST /hooks HTTP/1.1`
    pub line: String,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// How to answer.
#[derive(Debug, Clone)]
pub enum Reply {
    Status(u16),
    /// With headers, each a whole line.
    With(u16, Vec<String>, String),
    /// Not at all, for so long.
    Silence(Duration),
    /// One byte of the head now and then, for ever.
    DripHead,
    /// A head that says all is well, and a body that never ends.
    DripBody,
    /// A body of so many bytes.
    Huge(usize),
    /// Something that is not HTTP.
    Garbage,
    /// The line is cut.
    HangUp,
}

type Answer = dyn Fn(&Received) -> Reply + Send + Sync;

/// Listens until it is dropped.
pub struct Receiver {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    done: Arc<AtomicBool>,
    scheme: &'static str,
    /// What a client must trust to reach it by TLS.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Receiver {
    /// By plain HTTP.
    pub fn start(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(Arc::new(answer), None)
    }

    /// By TLS, with a certificate for `name`.
    pub fn start_tls(
        name: &str,
        answer: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = made.cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let mut receiver = Self::listen(Arc::new(answer), Some(Arc::new(config)));
        receiver.certificate = Some(certificate);
        receiver
    }

    fn listen(answer: Arc<Answer>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let done = Arc::new(AtomicBool::new(false));
        let scheme = if tls.is_some() { "https" } else { "http" };
        let (kept, ends) = (Arc::clone(&received), Arc::clone(&done));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (answer, tls) = (Arc::clone(&answer), tls.clone());
                let (kept, ends) = (Arc::clone(&kept), Arc::clone(&ends));
                thread::spawn(move || {
                    // A client that goes away early is none of the receiver's business.
                    let _ = match tls {
                        None => serve(stream, &*answer, &kept, &ends),
                        Some(config) => ServerConnection::new(config)
                            .map_err(io::Error::other)
                            .and_then(|tls| {
                                serve(StreamOwned::new(tls, stream), &*answer, &kept, &ends)
                            }),
                    };
                });
            }
        });
        Self {
            address,
            received,
            done,
            scheme,
            certificate: None,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("{}://{}/hooks", self.scheme, self.address)
    }

    /// Everything that came so far, in order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(
    mut stream: impl Read + Write,
    answer: &Answer,
    kept: &Mutex<Vec<Received>>,
    done: &AtomicBool,
) -> io::Result<()> {
    let request = read(&mut stream)?;
    let reply = answer(&request);
    kept.lock().unwrap().push(request);
    match reply {
        Reply::Status(status) => write(&mut stream, status, &[], b""),
        Reply::With(status, headers, body) => write(&mut stream, status, &headers, body.as_bytes()),
        Reply::Silence(time) => {
            thread::sleep(time);
            Ok(())
        }
        Reply::DripHead => drip(&mut stream, b"HTTP/1.1 200 OK\r\nx-slow: ", done),
        Reply::DripBody => drip(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n", done),
        Reply::Huge(bytes) => write(&mut stream, 200, &[], &vec![b'x'; bytes]),
        Reply::Garbage => stream.write_all(b"220 mail.example ESMTP\r\n"),
        Reply::HangUp => Ok(()),
    }
}

fn drip(stream: &mut impl Write, start: &[u8], done: &AtomicBool) -> io::Result<()> {
    stream.write_all(start)?;
    while !done.load(Ordering::SeqCst) {
        stream.write_all(b"x")?;
        stream.flush()?;
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn write(stream: &mut impl Write, status: u16, headers: &[String], body: &[u8]) -> io::Result<()> {
    let mut head = format!(
        "HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n",
        body.len()
    );
    for line in headers {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()
}

fn read(stream: &mut impl Read) -> io::Result<Received> {
    let mut bytes = Vec::new();
    let mut buffer = [0_u8; 4096];
    let head_end = loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length: usize = headers
        .get("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let mut body = bytes.split_off(head_end + 4);
    while body.len() < length {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        body.extend_from_slice(&buffer[..count]);
    }
    Ok(Received {
        line,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}
