"""Measures a released table by people with pyCANON; prints one JSON document. Rows of asterisks are left out; PEOPLE holds whose each row is, a line a row."""
import json
import sys

import pandas as pd
from pycanon import anonymity

file, people, quasi, sensitive = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
data = pd.read_csv(file, dtype=str, keep_default_na=False, engine="python")
with open(people, encoding="utf-8") as lines:
    data["__person"] = [line.rstrip("\n") for line in lines]
columns = [name for name in data.columns if name != "__person"]
kept = data[~(data[columns] == "*").all(axis=1)].reset_index(drop=True)
once = kept.drop_duplicates(subset=["__person", *quasi]).reset_index(drop=True)
sizes = once.groupby(quasi).size()
print(json.dumps({
    "rows": len(data),
    "suppressedRows": len(data) - len(kept),
    "people": int(kept["__person"].nunique()),
    "smallestClass": int(anonymity.k_anonymity(once, quasi)) if len(once) else 0,
    "classes": int(len(sizes)),
    "memberships": int(sizes.sum()),
    "uniques": int((sizes == 1).sum()),
    "distinctValues": {name: int(anonymity.l_diversity(kept, quasi, [name])) for name in sensitive},
}))
