/** The names of the inputs and outputs of the graphs of losses and features, by layer. */
export const names = {
  image: 'image',
  gradient: 'gradient',
  /** Fc, [1, C, h, w]. */
  contentTarget: (layer: string) => `content target ${layer}`,
  /** w, [1, 1, h, w], with a sum of 1; only for layers with a map. */
  contentMap: (layer: string) => `content map ${layer}`,
  /** ∂loss/∂F = scale · w · (F − Fc); a scalar. */
  contentScale: (layer: string) => `content scale ${layer}`,
  /** Σ w·(F − Fc)², a scalar. */
  contentError: (layer: string) => `content error ${layer}`,
  /** Gs or Σs, [C, C]. */
  styleTarget: (layer: string) => `style target ${layer}`,
  /** μs, [C, 1]; only for layers compared by their moments. */
  styleMeanTarget: (layer: string) => `style mean target ${layer}`,
  /** w, [1, h·w], with a sum of 1; only for layers with a map. */
  styleMap: (layer: string) => `style map ${layer}`,
  /** ∂loss/∂F = scale · (G − Gs) · F, column by column times w where there is a map; a scalar. For Σ, F − μ is in place of F. */
  styleScale: (layer: string) => `style scale ${layer}`,
  /** ∂loss/∂F = scale · (μ − μs), in every column, times w where there is a map; a scalar. */
  styleMeanScale: (layer: string) => `style mean scale ${layer}`,
  /** Σ(G − Gs)² or Σ(Σ − Σs)², a scalar. */
  styleError: (layer: string) => `style error ${layer}`,
  /** Σ(μ − μs)², a scalar. */
  styleMeanError: (layer: string) => `style mean error ${layer}`,
  /** 1 / (h · w) of the layer, a scalar; only for layers without a map. */
  inverseArea: (layer: string) => `inverse area ${layer}`,
  activations: (layer: string) => `activations ${layer}`,
  gram: (layer: string) => `gram ${layer}`,
  mean: (layer: string) => `mean ${layer}`,
  covariance: (layer: string) => `covariance ${layer}`,
};
