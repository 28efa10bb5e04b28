#!/bin/sh
# Makes in /etc/ccbus what the other containers need: keys for the service, for the bridge and for an
# operator, and two organisations as fabric-samples has them. What is there already stays, so that it may run
# at each start.
#
# Example: make-fabric-network
# Exit codes: 0 all is there, 1 something could not be made.
set -eu
cd /etc/ccbus
umask 077

# make NAME: a key; one of which a crash has left half is made again.
make() {
  [ -e "$1.key" ] || { rm -f "$1.key_secret" && ccbus keygen "$1"; }
}

make server
make bridge
make operator
# The bridge can do nothing without the signature of a client, and registers these chaincodes only.
ccbus keys allow bridge.key --keys allowed --register basic,basicj --rights client --requests signed
ccbus keys allow operator.key --keys allowed --rights all

[ -e organizations ] || ccbus dev crypto --out . --orgs Org1,Org2 --hosts bridge
[ -e tls ] || ln -s organizations/peerOrganizations/org1.example.com/peers/peer0.org1.example.com/tls tls
echo "all keys are there"
