package main

import (
	"github.com/hyperledger/fabric-chaincode-go/v2/pkg/statebased"
	"github.com/hyperledger/fabric-chaincode-go/v2/shim"
)

var policyFunctions = map[string]function{
	"setPolicy":         setPolicy,
	"policyOrgs":        policyOrgs,
	"setPrivatePolicy":  setPrivatePolicy,
	"privatePolicyOrgs": privatePolicyOrgs,
}

// setPolicy requires endorsements of an organisation, and temporarily of another one, for writes to the key.
func setPolicy(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	policy, err := statebased.NewStateEP(nil)
	if err != nil {
		return nil, err
	}
	if err := policy.AddOrgs(statebased.RoleTypeMember, args[1], "Org9MSP"); err != nil {
		return nil, err
	}
	policy.DelOrgs("Org9MSP")
	encoded, err := policy.Policy()
	if err != nil {
		return nil, err
	}
	return nil, stub.SetStateValidationParameter(args[0], encoded)
}

func policyOrgs(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	encoded, err := stub.GetStateValidationParameter(args[0])
	if err != nil {
		return nil, err
	}
	return orgsOf(encoded)
}

func setPrivatePolicy(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	policy, err := statebased.NewStateEP(nil)
	if err != nil {
		return nil, err
	}
	if err := policy.AddOrgs(statebased.RoleTypeMember, args[2]); err != nil {
		return nil, err
	}
	encoded, err := policy.Policy()
	if err != nil {
		return nil, err
	}
	return nil, stub.SetPrivateDataValidationParameter(args[0], args[1], encoded)
}

func privatePolicyOrgs(stub shim.ChaincodeStubInterface, args []string) (any, error) {
	encoded, err := stub.GetPrivateDataValidationParameter(args[0], args[1])
	if err != nil {
		return nil, err
	}
	return orgsOf(encoded)
}

func orgsOf(encoded []byte) ([]string, error) {
	if len(encoded) == 0 {
		return []string{}, nil
	}
	policy, err := statebased.NewStateEP(encoded)
	if err != nil {
		return nil, err
	}
	return policy.ListOrgs(), nil
}
