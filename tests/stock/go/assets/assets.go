package main

import (
	"encoding/json"
	"fmt"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

// Asset is stored as JSON with its fields in the order of their names.
type Asset struct {
	AppraisedValue float64           `json:"AppraisedValue"`
	Color          string            `json:"Color"`
	ID             string            `json:"ID"`
	Labels         map[string]string `json:"Labels,omitempty" metadata:",optional"`
	Owner          string            `json:"Owner"`
	Size           int               `json:"Size"`
}

// Assets is the default contract.
type Assets struct {
	contractapi.Contract
}

// GetEvaluateTransactions names the transactions that only read.
func (*Assets) GetEvaluateTransactions() []string {
	return []string{"AssetExists", "GetAllAssets", "ReadAsset", "TotalSize", "WhoAmI"}
}

// GetIgnoredFunctions names what is no transaction.
func (*Assets) GetIgnoredFunctions() []string {
	return []string{"Stored"}
}

// CreateAsset has its fields as arguments.
func (assets *Assets) CreateAsset(
	ctx contractapi.TransactionContextInterface, id, color string, size int, owner string, value float64,
) (*Asset, error) {
	asset := Asset{ID: id, Color: color, Size: size, Owner: owner, AppraisedValue: value}
	return &asset, assets.AddAsset(ctx, asset)
}

// AddAsset has the asset as one argument.
func (assets *Assets) AddAsset(ctx contractapi.TransactionContextInterface, asset Asset) error {
	exists, err := assets.AssetExists(ctx, asset.ID)
	if err != nil {
		return err
	}
	if exists {
		return fmt.Errorf("the asset %s exists", asset.ID)
	}
	return assets.Stored(ctx, &asset)
}

// Stored stores an asset and sets an event with it.
func (*Assets) Stored(ctx contractapi.TransactionContextInterface, asset *Asset) error {
	encoded, err := json.Marshal(asset)
	if err != nil {
		return err
	}
	if err := ctx.GetStub().SetEvent("stored", encoded); err != nil {
		return err
	}
	return ctx.GetStub().PutState(asset.ID, encoded)
}

// ReadAsset fails if there is no such asset.
func (*Assets) ReadAsset(ctx contractapi.TransactionContextInterface, id string) (*Asset, error) {
	encoded, err := ctx.GetStub().GetState(id)
	if err != nil {
		return nil, err
	}
	if encoded == nil {
		return nil, fmt.Errorf("the asset %s does not exist", id)
	}
	asset := &Asset{}
	return asset, json.Unmarshal(encoded, asset)
}

// AssetExists returns a bool.
func (*Assets) AssetExists(ctx contractapi.TransactionContextInterface, id string) (bool, error) {
	encoded, err := ctx.GetStub().GetState(id)
	return encoded != nil, err
}

// TransferAsset returns the owner before.
func (assets *Assets) TransferAsset(
	ctx contractapi.TransactionContextInterface, id, owner string,
) (string, error) {
	asset, err := assets.ReadAsset(ctx, id)
	if err != nil {
		return "", err
	}
	before := asset.Owner
	asset.Owner = owner
	return before, assets.Stored(ctx, asset)
}

// DeleteAsset returns nothing.
func (assets *Assets) DeleteAsset(ctx contractapi.TransactionContextInterface, id string) error {
	if _, err := assets.ReadAsset(ctx, id); err != nil {
		return err
	}
	return ctx.GetStub().DelState(id)
}

// GetAllAssets returns a slice.
func (*Assets) GetAllAssets(ctx contractapi.TransactionContextInterface) ([]*Asset, error) {
	iterator, err := ctx.GetStub().GetStateByRange("", "")
	if err != nil {
		return nil, err
	}
	all := []*Asset{}
	for iterator.HasNext() {
		next, err := iterator.Next()
		if err != nil {
			return nil, err
		}
		asset := &Asset{}
		if err := json.Unmarshal(next.GetValue(), asset); err != nil {
			return nil, err
		}
		all = append(all, asset)
	}
	return all, iterator.Close()
}

// TotalSize has a slice as its argument.
func (assets *Assets) TotalSize(ctx contractapi.TransactionContextInterface, ids []string) (int, error) {
	total := 0
	for _, id := range ids {
		asset, err := assets.ReadAsset(ctx, id)
		if err != nil {
			return 0, err
		}
		total += asset.Size
	}
	return total, nil
}

// WhoAmI returns the MSP of the client.
func (*Assets) WhoAmI(ctx contractapi.TransactionContextInterface) (string, error) {
	return ctx.GetClientIdentity().GetMSPID()
}
