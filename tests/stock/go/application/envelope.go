package main

import (
	"github.com/hyperledger/fabric-gateway/pkg/client"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/gateway"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

// endorsersOf returns the MSPs of those who have endorsed a transaction.
func endorsersOf(transaction *client.Transaction) ([]string, error) {
	encoded, err := transaction.Bytes()
	if err != nil {
		return nil, err
	}
	prepared := &gateway.PreparedTransaction{}
	if err := proto.Unmarshal(encoded, prepared); err != nil {
		return nil, err
	}
	payload := &common.Payload{}
	if err := proto.Unmarshal(prepared.GetEnvelope().GetPayload(), payload); err != nil {
		return nil, err
	}
	decoded := &peer.Transaction{}
	if err := proto.Unmarshal(payload.GetData(), decoded); err != nil {
		return nil, err
	}
	mspIDs := []string{}
	for _, each := range decoded.GetActions() {
		action := &peer.ChaincodeActionPayload{}
		if err := proto.Unmarshal(each.GetPayload(), action); err != nil {
			return nil, err
		}
		for _, endorsement := range action.GetAction().GetEndorsements() {
			endorser := &msp.SerializedIdentity{}
			if err := proto.Unmarshal(endorsement.GetEndorser(), endorser); err != nil {
				return nil, err
			}
			mspIDs = append(mspIDs, endorser.GetMspid())
		}
	}
	return mspIDs, nil
}
