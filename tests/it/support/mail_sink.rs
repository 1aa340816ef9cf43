//! A mail server on this machine that takes everything and notes when.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Listens until it is dropped.
pub struct MailSink {
    address: SocketAddr,
    done: Arc<AtomicBool>,
}

type Taken = dyn Fn(&str) + Send + Sync;

impl MailSink {
    /// `taken` is called with each mail's text before it is acknowledged.
    pub fn start(taken: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let done = Arc::new(AtomicBool::new(false));
        let (taken, ends): (Arc<Taken>, _) = (Arc::new(taken), Arc::clone(&done));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if ends.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let taken = Arc::clone(&taken);
                thread::spawn(move || {
                    // A client that dies is what some tests are about.
                    let _ = talk(stream, &*taken);
                });
            }
        });
        Self { address, done }
    }

    /// As the setting `smtp_url`.
    pub fn url(&self) -> String {
        format!("smtp://{}?tls=none", self.address)
    }
}

impl Drop for MailSink {
    fn drop(&mut self) {
        self.done.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn talk(mut stream: TcpStream, taken: &Taken) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    stream.write_all(b"220 ready\r\n")?;
    let mut text: Option<String> = None;
    while let Some(line) = lines.next().transpose()? {
        let answer: &[u8] = match &mut text {
            Some(so_far) if line != "." => {
                so_far.push_str(&line);
                so_far.push('\n');
                continue;
            }
            Some(so_far) => {
                taken(so_far);
                text = None;
                b"250 taken\r\n"
            }
            None if line.starts_with("DATA") => {
                text = Some(String::new());
                b"354 go on\r\n"
            }
            None => b"250 ok\r\n",
        };
        stream.write_all(answer)?;
    }
    Ok(())
}
