/** Two small images from two registries, for tests that check one image when the other fails. */
export const operator = 'quay.io/strimzi/operator:0.47.0'
export const kubectl = 'registry.k8s.io/kubectl:v1.32.7'
export const images = [operator, kubectl] as const
