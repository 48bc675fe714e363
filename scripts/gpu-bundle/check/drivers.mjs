import fs from 'node:fs';
import path from 'node:path';

const ICD_FOLDERS = [
  '/usr/share/vulkan/icd.d',
  '/usr/local/share/vulkan/icd.d',
  '/etc/vulkan/icd.d',
  '/usr/local/nvidia/share/vulkan/icd.d',
];
/** Where container runtimes put the libraries of NVIDIA's driver when the loader does not know them. */
const DRIVER_FOLDERS = ['/usr/local/nvidia/lib64', '/usr/local/nvidia/lib'];
const PASSED_ON = ['VK_ICD_FILENAMES', 'XDG_RUNTIME_DIR', 'CUDA_VISIBLE_DEVICES'];
const PROVIDER_LIBRARY = /^libonnxruntime_providers_\w+\.so$/;

/** True when the kernel shows a GPU. */
export function hasGpu() {
  const devices = ['/dev', '/dev/dri']
    .filter((folder) => fs.existsSync(folder))
    .flatMap((folder) => fs.readdirSync(folder));
  return devices.some((name) => /^(nvidia|renderD)\d+$/.test(name));
}

/** Files that name a Vulkan driver. */
export function vulkanDrivers() {
  return ICD_FOLDERS.filter((folder) => fs.existsSync(folder)).flatMap((folder) =>
    fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => path.join(folder, name)),
  );
}

/**
 * What engines and the platform need of this host's drivers. The bundle brings a Vulkan loader for hosts without one. Of
 * several drivers NVIDIA's is taken; `VK_DRIVER_FILES` names another.
 */
export function driverEnvironment(root) {
  const own = [process.env.MARU_CUDA_LIBRARIES, ...DRIVER_FOLDERS.filter((folder) => fs.existsSync(folder))];
  const libraries = [process.env.LD_LIBRARY_PATH, ...own, path.join(root, 'lib')].filter(Boolean).join(':');
  const passedOn = PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  const driver = process.env.VK_DRIVER_FILES ?? vulkanDrivers().find((file) => path.basename(file).includes('nvidia'));
  return {
    ...Object.fromEntries(passedOn),
    LD_LIBRARY_PATH: libraries,
    ...(driver ? { VK_DRIVER_FILES: driver } : {}),
  };
}

/**
 * Links the provider libraries of `MARU_CUDA_LIBRARIES`, a folder of the host, beside the binding, where ONNX Runtime
 * looks for them. Returns their names.
 */
export function linkProviderLibraries(root) {
  const folder = process.env.MARU_CUDA_LIBRARIES;
  if (!folder) return [];
  const names = fs.readdirSync(folder).filter((name) => PROVIDER_LIBRARY.test(name));
  if (names.length === 0) throw new Error(`MARU_CUDA_LIBRARIES: no libonnxruntime_providers_*.so in ${folder}`);
  for (const name of names) {
    const link = path.join(root, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64', name);
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.resolve(folder, name), link);
  }
  return names;
}
