# UNTESTED: Spack is not in Debian 12, where respine is made and tested. Names and variants of the packages
# are from Spack's own recipes.
#
# In a local repository of packages (spack repo create), put this file at packages/respine/package.py, then,
# in the folder of the sources:
#   spack develop --path "$PWD" respine@1.0.0 && spack install respine
from spack.package import *


class Respine(CMakePackage):
    """Simulates how ketamine regrows synapses: from dose to spines, in a network of neurons. Never medical
    advice.
    """

    license("MIT")
    version("1.0.0")

    variant("mpi", default=False, description="Let several processes share a network")
    variant("figures", default=True, description="Python for figures and reports")

    depends_on("cxx", type="build")
    depends_on("cmake@3.25:", type="build")
    depends_on("ninja", type="build")
    depends_on("hdf5@1.10: +hl ~mpi")
    depends_on("boost@1.74: +math +regex")
    depends_on("yaml-cpp@0.7:")
    depends_on("expat")
    depends_on("openssl")
    depends_on("cli11@2.1:")
    depends_on("fmt@9")
    depends_on("nlohmann-json@3.11:")
    depends_on("nlopt@2.7: +cxx")
    depends_on("random123")
    depends_on("zlib-api")
    depends_on("mpi", when="+mpi")
    depends_on("python@3.11:", type="run", when="+figures")
    depends_on("py-h5py", type="run", when="+figures")
    depends_on("py-matplotlib", type="run", when="+figures")

    generator("ninja")

    def cmake_args(self):
        return [self.define("RESPINE_TESTS", False), self.define_from_variant("RESPINE_MPI", "mpi")]

    def setup_run_environment(self, env):
        if self.spec.satisfies("+figures"):
            env.set("RESPINE_PYTHON", self.spec["python"].command.path)
