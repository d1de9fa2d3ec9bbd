// The vocabularies of requests in English: what a code of EHDS, DPV or DUO is called on the pages of staff.
export const terms = {
  purposeNames: {
    'public-health': 'Public and occupational health', 'health-threats': 'Protection against serious cross-border threats to health', 'health-surveillance': 'Public health surveillance', 'patient-safety': 'Quality and safety of care, medicines and devices', 'policy-making': 'Policy and regulation by public bodies', 'official-statistics': 'Official statistics', education: 'Teaching in health and care',
    research: 'Any research', 'health-research': 'Research in health and care', 'product-development': 'Development of products and services', 'algorithm-training': 'Training, testing and evaluation of algorithms', 'disease-research': 'Research on a named disease', 'ancestry-research': 'Research on origins and ancestry', 'care-improvement': 'Better care for others',
    care: 'Care of the person herself', 'own-access': 'Her own access to her records', import: 'Taking records into the holder’s vault', quality: 'Keeping records accurate', backup: 'Keeping records available',
  },
  basisNames: { consent: 'Consent', permit: 'Data permit', 'own-access': 'Her own access', care: 'Care', 'holder-duty': 'Duty of the holder' },
  classNames: { 'public-body': 'Public body', 'healthcare-provider': 'Healthcare provider', 'research-organisation': 'Research organisation', 'educational-institution': 'Educational institution', 'non-profit': 'Non-profit organisation', business: 'Business', insurer: 'Insurer', citizen: 'Citizen' },
  useNames: {
    'detrimental-decisions': 'Decisions to the detriment of people', 'discriminatory-terms': 'Discriminatory terms', advertising: 'Advertising', 'harmful-products': 'Harmful products', 'unethical-activities': 'Unethical activities', 're-identification': 'Re-identification',
    commercial: 'Commercial use', 'methods-development': 'Development of general methods', 'genetic-analysis': 'Genetic analysis', linkage: 'Linkage with data from elsewhere', 'model-publication': 'Publication of a trained model',
  },
  categoryNames: {
    a: 'Health records', b: 'Social, environmental and behavioural factors', c: 'Aggregated figures on needs, resources, access and spending', d: 'Pathogens', e: 'Administration: dispensations, claims, reimbursements', f: 'Genetic, epigenomic and genomic data', g: 'Other molecular data (proteins, metabolites, lipids …)', h: 'Data recorded automatically by medical devices', i: 'Wellness applications',
    j: 'Professionals involved in the treatment', k: 'Public health registries', l: 'Medical and mortality registries', m: 'Clinical trials, studies and investigations', n: 'Other data from medical devices', o: 'Registries of medicines and devices', p: 'Research cohorts, questionnaires and surveys, once published', q: 'Biobanks',
  },
} as const
