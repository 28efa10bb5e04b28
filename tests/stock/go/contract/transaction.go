package main

import (
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"sort"

	"github.com/hyperledger/fabric-chaincode-go/v2/pkg/cid"
	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
	"github.com/hyperledger/fabric-protos-go-apiv2/common"
	"github.com/hyperledger/fabric-protos-go-apiv2/msp"
	"github.com/hyperledger/fabric-protos-go-apiv2/peer"
	"google.golang.org/protobuf/proto"
)

var transactionFunctions = map[string]function{
	"context":        context,
	"client":         client,
	"unit":           unit,
	"signedProposal": signedProposal,
	"decorations":    decorations,
	"transient":      transient,
	"misuse":         misuse,
	"emit":           emit,
	"writeAndFail":   writeAndFail,
	"hold":           hold,
	"processId":      func(shim.ChaincodeStubInterface, []string) (any, error) { return os.Getpid(), nil },
}

// context returns what the stub knows about the transaction without asking the peer.
func context(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	timestamp, err := stub.GetTxTimestamp()
	if err != nil {
		return nil, err
	}
	binding, err := stub.GetBinding()
	if err != nil {
		return nil, err
	}
	localMspID, err := shim.GetMSPID()
	if err != nil {
		return nil, err
	}
	slice, err := stub.GetArgsSlice()
	if err != nil {
		return nil, err
	}
	fcn, params := stub.GetFunctionAndParameters()
	return map[string]any{
		"txId":                  stub.GetTxID(),
		"channelId":             stub.GetChannelID(),
		"functionAndParameters": map[string]any{"fcn": fcn, "params": params},
		"args":                  stub.GetStringArgs(),
		"stringArgs":            stub.GetStringArgs(),
		"bufferArgs":            stub.GetArgs(), // JSON has bytes as base64.
		"argsSlice":             string(slice),
		"localMspId":            localMspID,
		"seconds":               timestamp.GetSeconds(),
		"nanos":                 timestamp.GetNanos(),
		"date":                  timestamp.AsTime().Format("2006-01-02T15:04:05.000Z"),
		"binding":               hex.EncodeToString(binding),
	}, nil
}

// client returns the creator according to the stub, to our own decoding and to the shim's package cid.
func client(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	serialized, err := stub.GetCreator()
	if err != nil {
		return nil, err
	}
	creator := &msp.SerializedIdentity{}
	if err := proto.Unmarshal(serialized, creator); err != nil {
		return nil, err
	}
	mspID, err := cid.GetMSPID(stub)
	if err != nil {
		return nil, err
	}
	id, err := cid.GetID(stub)
	if err != nil {
		return nil, err
	}
	certificate, err := cid.GetX509Certificate(stub)
	if err != nil {
		return nil, err
	}
	identity, err := cid.New(stub)
	if err != nil {
		return nil, err
	}
	contextID, err := identity.GetID()
	return map[string]any{
		"creator":        map[string]string{"mspid": creator.GetMspid(), "pem": string(creator.GetIdBytes())},
		"mspId":          mspID,
		"id":             id,
		"pem":            string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})),
		"attribute":      attributeOf(stub, "color"),
		"hasAttribute":   cid.AssertAttributeValue(stub, "color", "blue") == nil,
		"hasOtherValue":  cid.AssertAttributeValue(stub, "color", "red") == nil,
		"noAttribute":    attributeOf(stub, "hf.role"),
		"hasNoAttribute": cid.AssertAttributeValue(stub, "hf.role", "client") == nil,
		"contextId":      contextID,
	}, err
}

// unit tells whether the creator's certificate has an organisational unit.
func unit(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	return cid.HasOUValue(stub, args[0])
}

// attributeOf returns nil if the certificate does not have the attribute.
func attributeOf(stub shim.ChaincodeStubInterface, name string) any {
	value, found, err := cid.GetAttributeValue(stub, name)
	if err != nil {
		return err.Error()
	}
	if !found {
		return nil
	}
	return value
}

func signedProposal(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	signed, err := stub.GetSignedProposal()
	if err != nil {
		return nil, err
	}
	proposal := &peer.Proposal{}
	header := &common.Header{}
	channelHeader := &common.ChannelHeader{}
	signatureHeader := &common.SignatureHeader{}
	if err := errors.Join(
		proto.Unmarshal(signed.GetProposalBytes(), proposal),
		proto.Unmarshal(proposal.GetHeader(), header),
		proto.Unmarshal(header.GetChannelHeader(), channelHeader),
		proto.Unmarshal(header.GetSignatureHeader(), signatureHeader),
	); err != nil {
		return nil, err
	}
	binding, err := stub.GetBinding()
	return map[string]any{
		"signature": signed.GetSignature(),
		"nonce":     signatureHeader.GetNonce(),
		"creator":   signatureHeader.GetCreator(),
		"type":      channelHeader.GetType(),
		"channelId": channelHeader.GetChannelId(),
		"txId":      channelHeader.GetTxId(),
		"epoch":     channelHeader.GetEpoch(),
		"binding":   hex.EncodeToString(binding),
	}, err
}

func decorations(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	names := []string{}
	for name := range stub.GetDecorations() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names, nil
}

func transient(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	given, err := stub.GetTransient()
	pairs := [][2]string{}
	for name, value := range given {
		pairs = append(pairs, [2]string{name, string(value)})
	}
	return pairs, err
}

// misuse returns the errors that the stub reports by itself.
func misuse(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	attempts := map[string]func() error{
		"emptyEvent": func() error { return stub.SetEvent("", []byte("x")) },
		"emptyObjectType": func() error {
			_, err := stub.CreateCompositeKey("", []string{"a"})
			return err
		},
		"emptyAttribute": func() error {
			_, err := stub.CreateCompositeKey("car", []string{""})
			return err
		},
		"compositeRange": func() error {
			_, err := stub.GetStateByRange("\u0000car", "")
			return err
		},
		"notComposite": func() error {
			_, _, err := stub.SplitCompositeKey("simple")
			return err
		},
		"emptyKey": func() error { return stub.PutState("", []byte("x")) },
		"emptyCollection": func() error {
			_, err := stub.GetPrivateData("", "key")
			return err
		},
		"nullInAttribute": func() error {
			_, err := stub.CreateCompositeKey("car", []string{"a\u0000b"})
			return err
		},
	}
	texts := map[string]string{}
	for name, attempt := range attempts {
		if err := recovered(attempt); err != nil {
			texts[name] = err.Error()
		}
	}
	return texts, nil
}

// recovered makes an error of a panic: the shim has one where it is given a key that is not composite.
func recovered(attempt func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("panic of the shim")
		}
	}()
	return attempt()
}

func emit(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	for _, name := range args {
		if err := stub.SetEvent(name, []byte("about "+name)); err != nil {
			return nil, err
		}
	}
	return nil, stub.PutState("emitted", []byte(args[len(args)-1]))
}

func writeAndFail(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	if err := stub.PutState(args[0], []byte("never stored")); err != nil {
		return nil, err
	}
	return nil, errors.New(args[1])
}

// hold reports to the test that it runs, and never ends.
func hold(stub shim.ChaincodeStubInterface, _ []string) (any, error) {
	fmt.Printf("holding %s\n", stub.GetTxID())
	select {}
}
