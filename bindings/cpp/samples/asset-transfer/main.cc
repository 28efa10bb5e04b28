#include "bindings/cpp/samples/asset-transfer/asset_transfer.h"
#include "ccbus/shim/run.h"

int main(int argc, char** argv) {
  AssetTransfer chaincode;
  return ccbus::shim::run(argc, argv, chaincode);
}
