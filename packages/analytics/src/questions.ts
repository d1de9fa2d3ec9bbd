// What can be asked, without DuckDB: for whoever lists questions and views, or describes an interface.
export { analyticsErrors } from './errors.ts'
export { dashboards } from './dashboards.ts'
export { questions } from './questions/index.ts'
export { views } from './views.ts'
