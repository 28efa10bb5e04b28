#!/bin/sh
# What an operator does once: gives the channel its organisations, and has the bridge call the chaincodes.
#
# Example: connect-fabric-network
# Exit codes: 0 both chaincodes are ready, 1 something has failed.
set -eu
organizations=/etc/ccbus/organizations/peerOrganizations

ccbus channel config show -C mychannel >/dev/null 2>&1 ||
  ccbus channel config init -C mychannel \
    --org "Org1MSP:$organizations/org1.example.com/msp" --org "Org2MSP:$organizations/org2.example.com/msp"
ccbus chaincode connect basic --address chaincode-go:9999
ccbus chaincode connect basicj --address chaincode-java:9999
await-chaincode basic
await-chaincode basicj
ccbus status
