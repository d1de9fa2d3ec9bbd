"""Measures a released CSV file with pyCANON; prints one JSON document. Rows with * in every quasi-identifier are left out."""
import json
import sys

import pandas as pd
from pycanon import anonymity

file, delimiter, quasi, sensitive = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), sys.argv[4]
data = pd.read_csv(file, sep=delimiter, dtype={name: str for name in quasi}, keep_default_na=False, engine="python")
kept = data[~(data[quasi] == "*").all(axis=1)].reset_index(drop=True)
figures = {
    "rows": len(kept),
    "suppressed": len(data) - len(kept),
    "k": int(anonymity.k_anonymity(kept, quasi)),
    "l": int(anonymity.l_diversity(kept, quasi, [sensitive])),
    "t": float(anonymity.t_closeness(kept, quasi, [sensitive])),
    "beta": float(anonymity.basic_beta_likeness(kept, quasi, [sensitive])),
    "numeric": bool(pd.api.types.is_numeric_dtype(kept[sensitive])),
}
print(json.dumps(figures))
