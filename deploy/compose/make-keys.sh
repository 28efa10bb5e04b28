#!/bin/sh
# Makes in /etc/ccbus what the other containers need: a key for the service, one for each chaincode and
# client with its permissions, a TLS certificate and a token for the operations endpoint. What is there
# already stays, so that it may run at each start.
#
# Example: make-keys
# Exit codes: 0 all is there, 1 something could not be made.
set -eu
cd /etc/ccbus
umask 077

# make NAME: a key; one of which a crash has left half is made again.
make() {
  [ -e "$1.key" ] || { rm -f "$1.key_secret" && ccbus keygen "$1"; }
}
# allow NAME OPTION...: the key may do this.
allow() {
  name=$1
  shift
  make "$name"
  ccbus keys allow "$name.key" --keys allowed "$@"
}

make server
allow basic --register basic --channels mychannel
allow node --register node --channels mychannel
allow client --rights client --channels mychannel
allow operator --rights all

# For the operations endpoint, under the name that it has in this network.
[ -e organizations ] || ccbus dev crypto --out . --orgs Ops --hosts service
[ -e tls ] || ln -s organizations/peerOrganizations/ops.example.com/peers/peer0.ops.example.com/tls tls

# Prometheus runs as another user: what it needs, and nothing else, is for everybody in its container.
mkdir -p monitoring
[ -e monitoring/read.token ] || {
  head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >monitoring/new.token
  mv monitoring/new.token monitoring/read.token
}
echo "read $(sha256sum <monitoring/read.token | cut -d' ' -f1) prometheus" >tokens
cp tls/ca.crt monitoring/ca.crt
chmod 755 . monitoring
chmod 644 monitoring/*
echo "all keys are there"
