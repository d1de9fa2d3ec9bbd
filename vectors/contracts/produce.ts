// Writes the vectors of this folder from the contract suite. Command: npm exec -- node vectors/contracts/produce.ts, on the project's Node.
import { writeFileSync } from 'node:fs'
import { vectorFiles, vectorText } from '../../packages/contracts/testing/vectors.ts'

for (const [name, file] of await vectorFiles()) writeFileSync(`${import.meta.dirname}/${name}`, vectorText(file))
