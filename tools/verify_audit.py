#!/usr/bin/env python3
"""Checks an export of Forbear's audit chains. Needs Python 3.8 and nothing else.

    verify_audit.py EXPORT [--checkpoint NOTE --public-key KEY]

EXPORT is what `forbear audit export` writes: a line of JSON for each event, and after the last
event of each chain a line with its end. NOTE is a signed checkpoint that was kept elsewhere, KEY
the key that signed it (NAME+ID+KEY) or a file that holds it.

Written from the description of the format and not from the program, so that the two can be wrong
only together:

* An event's hash is SHA-256 over a zero byte and eleven fields, each preceded by its length in
  eight bytes, big-endian: chain, seq, id, at, kind, actor, debtor_id, placement_id, cause, body,
  prev_hash. What is null counts as empty.
* seq counts from 1 without a gap, and prev_hash is the hash of the event before; 64 zeros for the
  first.
* A checkpoint is a C2SP signed note: origin, number of chains, root in base64, `time ...`, then
  `chain NAME LENGTH HASH` for each chain, an empty line, and signatures by Ed25519. The root is
  that of the Merkle tree of RFC 6962 over the lines of the chains.

Exit status: 0 whole, 1 not whole, 2 not understood.
"""

import argparse
import base64
import hashlib
import json
import os
import struct
import sys

GENESIS = "0" * 64
FIELDS = ("chain", "seq", "id", "at", "kind", "actor", "debtor_id", "placement_id", "cause",
          "body", "prev_hash")


class NotUnderstood(Exception):
    """The input is not of the format."""


def event_hash(event):
    hasher = hashlib.sha256(b"\x00")
    for name in FIELDS:
        value = event[name]
        data = ("" if value is None else str(value)).encode("utf-8")
        hasher.update(struct.pack(">Q", len(data)))
        hasher.update(data)
    return hasher.hexdigest()


def check_export(lines, signed):
    """Yields (chain, events, fault) for each chain; fault is None for a whole one.

    Only the last hash of a chain is kept in memory, however long it is.
    """
    seen = set()
    chain, length, head, fault = None, 0, GENESIS, None
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise NotUnderstood("line %d: %s" % (number, error))
        if not isinstance(row, dict):
            raise NotUnderstood("line %d is not an object" % number)
        if "end" in row:
            end = row["end"]
            name = end["chain"]
            if chain is not None and name != chain:
                raise NotUnderstood("line %d ends another chain than it stands in" % number)
            if fault is None:
                fault = end_fault(length, head, end["length"], end["hash"], signed.get(name))
            seen.add(name)
            yield name, length, fault
            chain, length, head, fault = None, 0, GENESIS, None
            continue
        if set(row) != set(FIELDS) | {"hash"}:
            raise NotUnderstood("line %d is not an event" % number)
        if chain is None:
            chain = row["chain"]
        if fault is None:
            fault = event_fault(row, chain, length + 1, head, signed.get(chain))
        length, head = length + 1, row["hash"]
    if chain is not None:
        raise NotUnderstood("the export breaks off inside chain %s" % chain)
    for name in sorted(set(signed) - seen):
        yield name, 0, "events 1 to %d are missing" % signed[name][0]


def event_fault(row, chain, seq, head, signed):
    if row["chain"] != chain:
        return "event %d belongs to another chain" % seq
    if row["seq"] != seq:
        return "event %d is not there; %s stands in its place" % (seq, row["seq"])
    if row["prev_hash"] != head:
        return "event %d does not follow from the one before it" % seq
    if event_hash(row) != row["hash"]:
        return "event %d is not as it was written" % seq
    if signed and signed[0] == seq and signed[1] != row["hash"]:
        return "event %d is not the one that the checkpoint was signed for" % seq
    return None


def end_fault(length, head, kept_length, kept_hash, signed):
    if length < kept_length:
        return "events %d to %d are missing" % (length + 1, kept_length)
    if length > kept_length:
        return "event %d comes after the end that is kept" % (kept_length + 1)
    if head != kept_hash:
        return "event %d is the last, but another end is kept" % length
    if signed and signed[0] > length:
        return "events %d to %d are missing" % (length + 1, signed[0])
    return None


def merkle_root(leaves):
    """RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = merkle_root(leaves[:split]), merkle_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


# Ed25519 as RFC 8032, section 6, gives it: slow and plain. It only verifies, so nothing in it is
# secret.
P = 2 ** 255 - 19
Q = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def point_add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g = 2 * a[3] * b[3] * D % P
    h = 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def point_mul(scalar, point):
    result = (0, 1, 1, 0)
    while scalar > 0:
        if scalar & 1:
            result = point_add(result, point)
        point = point_add(point, point)
        scalar >>= 1
    return result


def point_equal(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P != 0:
        x = x * SQRT_MINUS_1 % P
    if (x * x - x2) % P != 0:
        return None
    if (x & 1) != sign:
        x = P - x
    return x


def decompress(data):
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign = y >> 255
    y &= (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def ed25519_verify(public, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(public), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    h = int.from_bytes(digest, "little") % Q
    return point_equal(point_mul(s, BASE), point_add(r, point_mul(h, a)))


def read_key(text):
    """NAME+ID+KEY of C2SP; returns name, id and the 32 bytes."""
    try:
        name, key_id, encoded = text.strip().split("+", 2)
        typed = base64.b64decode(encoded, validate=True)
        key_id = bytes.fromhex(key_id)
    except ValueError:
        raise NotUnderstood("not a public key: it looks like NAME+12345678+AR...")
    right_id = hashlib.sha256(name.encode("utf-8") + b"\n" + typed).digest()[:4]
    if len(typed) != 33 or typed[0] != 1 or key_id != right_id:
        raise NotUnderstood("not a public key for Ed25519")
    return name, key_id, typed[1:]


def open_checkpoint(note, key):
    """The length and hash of each chain, by its name. None when the note is not to be believed."""
    name, key_id, public = read_key(key)
    text, separator, signatures = note.rpartition("\n\n")
    if not separator:
        raise NotUnderstood("the checkpoint has no signature")
    text += "\n"
    good = False
    for line in signatures.splitlines():
        start = "\u2014 %s " % name
        if not line.startswith(start):
            continue
        data = base64.b64decode(line[len(start):], validate=True)
        if data[:4] == key_id and ed25519_verify(public, text.encode("utf-8"), data[4:]):
            good = True
    if not good:
        return None
    lines = text.splitlines()
    leaves = [line for line in lines[4:]]
    if int(lines[1]) != len(leaves):
        return None
    if base64.b64encode(merkle_root([leaf.encode("utf-8") for leaf in leaves])).decode() != lines[2]:
        return None
    signed = {}
    for leaf in leaves:
        word, chain, length, head = leaf.split(" ")
        if word != "chain":
            raise NotUnderstood("a chain of the checkpoint can't be read")
        signed[chain] = (int(length), head)
    return signed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export")
    parser.add_argument("--checkpoint")
    parser.add_argument("--public-key")
    args = parser.parse_args()
    if bool(args.checkpoint) != bool(args.public_key):
        parser.error("--checkpoint and --public-key go together")
    signed = {}
    try:
        if args.checkpoint:
            key = args.public_key
            if os.path.isfile(key):
                with open(key, encoding="utf-8") as file:
                    key = file.read()
            with open(args.checkpoint, encoding="utf-8") as file:
                signed = open_checkpoint(file.read(), key)
            if signed is None:
                print("the checkpoint is not signed by this key, or was changed")
                return 1
            print("the checkpoint is signed by this key")
        broken = chains = events = 0
        with open(args.export, encoding="utf-8") as lines:
            for chain, length, fault in check_export(lines, signed):
                chains += 1
                events += length
                if fault is None:
                    print("chain %s: %d events, whole" % (chain, length))
                else:
                    broken += 1
                    print("chain %s: BROKEN: %s" % (chain, fault))
    except (NotUnderstood, OSError, KeyError, TypeError, ValueError) as error:
        print("not understood: %s" % error, file=sys.stderr)
        return 2
    if broken:
        print("%d of %d chains are broken" % (broken, chains))
        return 1
    print("%d chains, %d events: whole" % (chains, events))
    return 0


if __name__ == "__main__":
    sys.exit(main())
