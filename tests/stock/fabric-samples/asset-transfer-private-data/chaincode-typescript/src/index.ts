import { type Contract } from 'fabric-contract-api';
import { AssetTransfer } from './assetTransfer';

export const contracts: (typeof Contract)[] = [AssetTransfer];
