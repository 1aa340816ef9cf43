//! The few messages of the PostgreSQL protocol that the tunnel reads or writes itself
//! (PostgreSQL documentation, chapter 54, "Frontend/Backend Protocol").

use std::io::{self, Read};

/// Asks the server to go on in TLS: length 8, code 1234/5679.
pub(super) const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// `CancelRequest`: code 1234/5678.
const CANCEL_CODE: [u8; 4] = [0x04, 0xd2, 0x16, 0x2e];

/// The longest first packet a server takes (`MAX_STARTUP_PACKET_LENGTH`).
const MAX_FIRST_PACKET: usize = 10_000;

const SASL_REQUEST: [u8; 4] = [0, 0, 0, 10];

/// What a client says first: whom it wants to be, or which query to cancel.
#[derive(Debug)]
pub(super) struct FirstPacket(Vec<u8>);

impl FirstPacket {
    /// None when the client hangs up without a word.
    pub(super) fn read(mut client: impl Read) -> io::Result<Option<Self>> {
        let mut packet = vec![0; 4];
        match client.read_exact(&mut packet) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let length = length_at(&packet, 0).filter(|length| (8..=MAX_FIRST_PACKET).contains(length));
        let length = length.ok_or(io::ErrorKind::InvalidData)?;
        packet.resize(length, 0);
        client.read_exact(&mut packet[4..])?;
        Ok(Some(Self(packet)))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn is_cancel(&self) -> bool {
        self.0.get(4..8) == Some(&CANCEL_CODE)
    }
}

/// An `ErrorResponse` that ends the connection, as the server itself would send it.
pub(super) fn fatal_error(sqlstate: &str, message: &str) -> Vec<u8> {
    let mut fields = Vec::new();
    for (mark, text) in [
        (b'S', "FATAL"),
        (b'V', "FATAL"),
        (b'C', sqlstate),
        (b'M', message),
    ] {
        fields.push(mark);
        fields.extend(text.bytes().filter(|byte| *byte != 0));
        fields.push(0);
    }
    fields.push(0);
    message_of(b'E', &fields)
}

/// The message at the start of `stream` and what follows it, once it is there in whole.
pub(super) fn split_message(stream: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = length_at(stream, 1)?.max(4) + 1;
    (stream.len() >= end).then(|| stream.split_at(end))
}

/// Whether a server's message during sign-in leaves its answer still to come.
pub(super) fn is_preliminary(message: &[u8]) -> bool {
    const NOTICE: u8 = b'N';
    const NEGOTIATE_PROTOCOL_VERSION: u8 = b'v';
    matches!(message.first(), Some(&NOTICE | &NEGOTIATE_PROTOCOL_VERSION))
}

/// Takes the mechanisms with channel binding out of a server's `AuthenticationSASL`; any other
/// message stays as it is.
///
/// libpq does not see the TLS around it. Offered `SCRAM-SHA-256-PLUS` without TLS it suspects a
/// man in the middle and gives up (`pg_SASL_init`), though plain `SCRAM-SHA-256` is offered too.
pub(super) fn without_channel_binding(message: &[u8]) -> Vec<u8> {
    let Some(list) = message
        .strip_prefix(b"R")
        .and_then(|rest| rest.get(4..))
        .and_then(|body| body.strip_prefix(&SASL_REQUEST))
    else {
        return message.to_vec();
    };
    let mut body = SASL_REQUEST.to_vec();
    for mechanism in list
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
    {
        if !mechanism.ends_with(b"-PLUS") {
            body.extend_from_slice(mechanism);
            body.push(0);
        }
    }
    body.push(0);
    message_of(b'R', &body)
}

fn message_of(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 4).unwrap_or(u32::MAX);
    let mut message = vec![kind];
    message.extend_from_slice(&length.to_be_bytes());
    message.extend_from_slice(body);
    message
}

/// The length that stands at `at`, in network byte order; it counts itself.
fn length_at(bytes: &[u8], at: usize) -> Option<usize> {
    let field = bytes.get(at..at + 4)?;
    let field = <[u8; 4]>::try_from(field).ok()?;
    usize::try_from(u32::from_be_bytes(field)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTUP: &[u8] = b"\0\0\0\x0f\0\x03\0\0user\0a\0";

    #[test]
    fn the_first_packet_is_read_to_its_end_and_no_further() {
        let mut stream = STARTUP.to_vec();
        stream.extend_from_slice(b"more");
        let packet = FirstPacket::read(stream.as_slice()).unwrap().unwrap();
        assert_eq!(packet.bytes(), STARTUP);
        assert!(!packet.is_cancel());
    }

    #[test]
    fn a_cancel_request_is_told_from_a_sign_in() {
        let cancel = b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x07\0\0\0\x09";
        let packet = FirstPacket::read(cancel.as_slice()).unwrap().unwrap();
        assert!(packet.is_cancel());
    }

    #[test]
    fn a_first_packet_of_an_absurd_length_is_not_waited_for() {
        for length in [0_u32, 7, 10_001, u32::MAX] {
            let bytes = length.to_be_bytes();
            let error = FirstPacket::read(bytes.as_slice()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{length}");
        }
        assert!(FirstPacket::read(io::empty()).unwrap().is_none());
    }

    #[test]
    fn a_fatal_error_has_the_fields_a_client_reads() {
        assert_eq!(
            fatal_error("08001", "no"),
            b"E\0\0\0\x1eSFATAL\0VFATAL\0C08001\0Mno\0\0"
        );
    }

    #[test]
    fn a_message_is_split_off_once_it_is_there_in_whole() {
        let stream = b"R\0\0\0\x08\0\0\0\0Z";
        assert_eq!(split_message(stream), Some(stream.split_at(9)));
        assert_eq!(split_message(&stream[..8]), None);
        assert_eq!(split_message(&stream[..3]), None);
    }

    #[test]
    fn channel_binding_is_taken_out_of_the_offer() {
        let offer = b"R\0\0\0\x2a\0\0\0\x0aSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0";
        let expected = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0";
        assert_eq!(without_channel_binding(offer), expected);
    }

    #[test]
    fn other_messages_pass_unchanged() {
        for message in [b"R\0\0\0\x08\0\0\0\0".as_slice(), b"E\0\0\0\x05\0", b"R"] {
            assert_eq!(without_channel_binding(message), message);
        }
    }
}
