//! One request over one connection.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{HOST, USER_AGENT};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::{
    Answer, Http, HttpError, Limits, Method, Reach, Request, Resolve, SystemResolver, TrustError,
    system_trust,
};

/// The head of an answer may be so long, in bytes, and hold so many headers.
const LONGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;

/// Addresses of a name that are tried, each with its share of the time.
const MOST_ADDRESSES: usize = 4;

const AGENT: &str = concat!("Forbear/", env!("CARGO_PKG_VERSION"));

/// Sends requests over the network.
#[derive(Clone)]
pub struct Outbound {
    resolver: Arc<dyn Resolve>,
    /// None: the system's roots, looked up when they are first needed.
    trust: Option<Arc<ClientConfig>>,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Outbound")
    }
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            resolver: Arc::new(SystemResolver),
            trust: None,
        }
    }
}

impl Outbound {
    /// With names looked up and certificates believed as a test wants it.
    pub fn with(resolver: Arc<dyn Resolve>, trust: Option<Arc<ClientConfig>>) -> Self {
        Self { resolver, trust }
    }

    async fn exchange(&self, request: Request) -> Result<Answer, HttpError> {
        let Limits { connect, total, .. } = request.limits;
        let deadline = Instant::now() + total;
        let url = checked(&request)?;
        let line = timeout(connect.min(total), self.connect(&url, &request.reach))
            .await
            .map_err(|_| HttpError::SlowConnect(connect.min(total)))??;
        match line {
            Line::Plain(stream) => talk(stream, &url, request, deadline).await,
            Line::Tls(stream) => talk(*stream, &url, request, deadline).await,
        }
    }

    async fn connect(&self, url: &Url, reach: &Reach) -> Result<Line, HttpError> {
        let addresses = self.addresses(url, reach).await?;
        let tcp = open(&addresses, url, reach).await?;
        // One small request: waiting to fill a packet only costs time.
        let _ = tcp.set_nodelay(true);
        if url.scheme() != "https" {
            return Ok(Line::Plain(tcp));
        }
        let trust = match &self.trust {
            Some(trust) => Arc::clone(trust),
            None => tokio::task::spawn_blocking(system_trust)
                .await
                .map_err(|error| TrustError::Setup(error.to_string()))??,
        };
        let name = server_name(url)?;
        let tls = TlsConnector::from(trust)
            .connect(name, tcp)
            .await
            .map_err(HttpError::Tls)?;
        Ok(Line::Tls(Box::new(tls)))
    }

    /// Where the request may go. Every address of the name has to be admitted: a name that points
    /// outside and inside at once is a trap.
    async fn addresses(&self, url: &Url, reach: &Reach) -> Result<Vec<SocketAddr>, HttpError> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found = match url.host() {
            // A literal is never looked up, so it is checked here and not by a resolver.
            Some(Host::Ipv4(ip)) => vec![SocketAddr::new(ip.into(), port)],
            Some(Host::Ipv6(ip)) => vec![SocketAddr::new(ip.into(), port)],
            Some(Host::Domain(name)) => self
                .resolver
                .resolve(name, port)
                .await
                .map_err(HttpError::Resolve)?,
            None => Vec::new(),
        };
        if found.is_empty() {
            return Err(HttpError::Resolve(io::ErrorKind::NotFound.into()));
        }
        for address in &found {
            admit(url, reach, address.ip())?;
        }
        Ok(found.into_iter().take(MOST_ADDRESSES).collect())
    }
}

impl Http for Outbound {
    fn send<'a>(
        &'a self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Result<Answer, HttpError>> + Send + 'a>> {
        Box::pin(self.exchange(request))
    }
}

enum Line {
    Plain(TcpStream),
    Tls(Box<tokio_rustls::client::TlsStream<TcpStream>>),
}

/// The address, by the rules for whoever named it.
fn checked(request: &Request) -> Result<Url, HttpError> {
    match &request.reach {
        Reach::Customers(rules) => rules
            .check(&request.url)
            .map_err(|error| HttpError::Address(error.to_string())),
        Reach::Operators => {
            Url::parse(&request.url).map_err(|error| HttpError::Address(error.to_string()))
        }
    }
}

fn admit(url: &Url, reach: &Reach, ip: IpAddr) -> Result<(), HttpError> {
    if reach.admits(url, ip) {
        Ok(())
    } else {
        Err(HttpError::NotPublic(ip))
    }
}

/// Connects to one of the addresses that were checked, and looks at where the line really leads.
async fn open(addresses: &[SocketAddr], url: &Url, reach: &Reach) -> Result<TcpStream, HttpError> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        admit(url, reach, address.ip())?;
        match TcpStream::connect(address).await {
            Ok(stream) => {
                let peer = stream.peer_addr().map_err(HttpError::Connect)?;
                admit(url, reach, peer.ip())?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(HttpError::Connect(last))
}

fn server_name(url: &Url) -> Result<ServerName<'static>, HttpError> {
    let bad = || HttpError::Address("its host can\u{2019}t be checked by a certificate".to_owned());
    match url.host() {
        Some(Host::Ipv4(ip)) => Ok(ServerName::IpAddress(IpAddr::from(ip).into())),
        Some(Host::Ipv6(ip)) => Ok(ServerName::IpAddress(IpAddr::from(ip).into())),
        Some(Host::Domain(name)) => {
            ServerName::try_from(name.trim_end_matches('.').to_owned()).map_err(|_| bad())
        }
        None => Err(bad()),
    }
}

async fn talk<S>(
    stream: S,
    url: &Url,
    request: Request,
    deadline: Instant,
) -> Result<Answer, HttpError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let Limits { total, body, .. } = request.limits;
    let message = message(url, request)?;
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await
        .map_err(|error| HttpError::Protocol(error.to_string()))?;
    // Ends with this future, whether or not the other side has more to say.
    let driver = Driver(tokio::spawn(async move {
        let _ = connection.await;
    }));
    let answer = timeout_at(deadline, sender.send_request(message))
        .await
        .map_err(|_| HttpError::Timeout(total))?
        .map_err(|error| HttpError::Protocol(words(&error)))?;
    let answer = read(answer, body, deadline).await;
    drop(driver);
    Ok(answer)
}

/// The task that moves the bytes; stopped when nobody wants them any more.
struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn message(url: &Url, request: Request) -> Result<hyper::Request<Full<Bytes>>, HttpError> {
    let mut target = url.path().to_owned();
    if let Some(query) = url.query() {
        target.push('?');
        target.push_str(query);
    }
    let host = url.host_str().unwrap_or_default();
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let method = match request.method {
        Method::Get => hyper::Method::GET,
        Method::Post => hyper::Method::POST,
    };
    let mut message = hyper::Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, host)
        .header(USER_AGENT, AGENT)
        .header("accept", "*/*")
        .header("connection", "close");
    for (name, value) in request.headers {
        message = message.header(name, value);
    }
    message
        .body(Full::new(Bytes::from(request.body)))
        .map_err(|error| HttpError::Address(error.to_string()))
}

/// The answer, once its head is here. Of the body as much as the limits let through: a receiver
/// has answered with its status, so a body that never ends does not undo that.
async fn read(answer: hyper::Response<Incoming>, limit: usize, deadline: Instant) -> Answer {
    let status = answer.status().as_u16();
    let headers = answer
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect();
    let mut incoming = answer.into_body();
    let mut body = Vec::new();
    let cut = loop {
        match timeout_at(deadline, incoming.frame()).await {
            Ok(None) => break false,
            Ok(Some(Ok(frame))) => {
                let Some(data) = frame.data_ref() else {
                    continue;
                };
                let room = limit - body.len();
                body.extend_from_slice(&data[..data.len().min(room)]);
                if data.len() > room {
                    break true;
                }
            }
            Ok(Some(Err(_))) | Err(_) => break true,
        }
    };
    Answer {
        status,
        headers,
        body,
        cut,
    }
}

/// An error with what caused it.
fn words(error: &hyper::Error) -> String {
    use std::error::Error;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
